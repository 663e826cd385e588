import { appendFile, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { followLines } from '../../../../clients/terraform/follow-file.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

/** Lines of a file that `write` makes grow meanwhile. */
async function followed(write: (path: string) => Promise<void>): Promise<string[]> {
  const path = join(await temporaryDirectory(), 'log');
  await writeFile(path, '');
  const file = await open(path, 'r');
  let ended = false;
  const writing = write(path).finally(() => {
    ended = true;
  });
  const lines: string[] = [];
  for await (const line of followLines(file, () => ended)) lines.push(line);
  await writing;
  await file.close();
  return lines;
}
const pause = () => new Promise((resolve) => setTimeout(resolve, 60));

test('lines come as they are written, whole', async () => {
  const lines = await followed(async (path) => {
    for (const part of ['one\ntw', 'o\n', '\nthr', 'ee\nrest']) {
      await appendFile(path, part);
      await pause();
    }
  });
  expect(lines).toEqual(['one', 'two', '', 'three', 'rest']);
});

test('a character whose bytes are written apart stays whole', async () => {
  const bytes = Buffer.from('é✓\n');
  const lines = await followed(async (path) => {
    for (const byte of bytes) await appendFile(path, Buffer.of(byte));
  });
  expect(lines).toEqual(['é✓']);
});

test('a line longer than any buffer, and all that was written before the end', async () => {
  const long = 'x'.repeat(300_000);
  const lines = await followed((path) => appendFile(path, `${long}\n${'y\n'.repeat(10_000)}`));
  expect(lines).toHaveLength(10_001);
  expect(lines[0]).toBe(long);
});

test('nothing written: no line', async () => {
  expect(await followed(pause as () => Promise<void>)).toEqual([]);
});
