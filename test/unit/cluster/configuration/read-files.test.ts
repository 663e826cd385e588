import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { readFiles } from '../../../../cluster/configuration/read-files.js';

/** A container whose engine answers with this stream. */
const answering = (stream: NodeJS.ReadableStream) =>
  ({ getArchive: async () => stream }) as unknown as Docker.Container;

/** The beginning of an archive with one file. */
async function beginning(bytes: number): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: './prisma.yml', mode: 0o600, uid: 0, gid: 0 }, 'x'.repeat(2000));
  archive.finalize();
  return (await buffer(archive)).subarray(0, bytes);
}

describe('readFiles', () => {
  test('gives files, without the point before their names', async () => {
    const stream = new PassThrough();
    stream.end(await beginning(10_000));
    const files = await readFiles(answering(stream));
    expect([...(files ?? [])].map(([name, text]) => [name, text.reveal().length])).toEqual([
      ['prisma.yml', 2000],
    ]);
  });

  test.each([
    ['in the middle of a file', 1000],
    ['before anything came', 0],
  ])(
    'fails when the engine is lost %s',
    async (_, bytes) => {
      const stream = new PassThrough();
      stream.write(await beginning(bytes));
      setTimeout(() => stream.destroy(new Error('the engine hung up')), 20);
      await expect(readFiles(answering(stream))).rejects.toThrow(/hung up|Premature close/);
    },
    3000,
  );
});
