import { createHash } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { expect, test } from 'vitest';
import { downloadPackage, eachFile } from '../../../setup/npm-package.js';
import type { SetupContext } from '../../../setup/part.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const silent = { step: () => {}, output: () => {} };

/** A package as npm packs it. */
async function packed(): Promise<Buffer> {
  const files = pack();
  files.entry({ name: 'package/bin/node', mode: 0o755 }, 'program');
  files.entry({ name: 'package/lib', type: 'directory' });
  files.entry({ name: 'package/lib/a.js', mode: 0o644 }, 'text');
  files.finalize();
  return gzipSync(await buffer(files));
}

/** A context whose `npm pack` gives this archive. */
async function contextWith(archive: Buffer): Promise<{ context: SetupContext; scratch: string }> {
  const scratch = await temporaryDirectory();
  await writeFile(join(scratch, 'given'), archive);
  const npm = join(scratch, 'npm');
  await writeFile(npm, `#!/bin/sh\necho "$@" >asked\ncp given some-1.2.3.tgz\n`);
  await chmod(npm, 0o755);
  const env = { PATH: `${scratch}:${process.env.PATH}` };
  const machine = { platform: 'linux', arch: 'x64', isRoot: false } as const;
  const context: SetupContext = {
    ...machine,
    root: scratch,
    version: '0.0.0',
    cacheDir: scratch,
    env,
    lockFd: () => undefined,
  };
  return { context, scratch };
}

const some = (archive: Buffer) => ({
  name: 'some',
  version: '1.2.3',
  integrity: `sha512-${createHash('sha512').update(archive).digest('base64')}`,
});

test('a package is downloaded by npm, and its files are read', async () => {
  const archive = await packed();
  const { context, scratch } = await contextWith(archive);
  const path = await downloadPackage(some(archive), scratch, context, silent);
  expect(path).toBe(join(scratch, 'some-1.2.3.tgz'));
  expect(await readFile(join(scratch, 'asked'), 'utf8')).toBe(
    `pack some@1.2.3 --pack-destination ${scratch}\n`,
  );
  const found: [string, string, boolean][] = [];
  await eachFile(path, (name, content, isProgram) =>
    found.push([name, content.toString(), isProgram]),
  );
  expect(found).toEqual([
    ['bin/node', 'program', true],
    ['lib/a.js', 'text', false],
  ]);
});

test('other content than expected is refused', async () => {
  const archive = await packed();
  const { context, scratch } = await contextWith(Buffer.concat([archive, Buffer.from('x')]));
  const error = await kitErrorOf(() => downloadPackage(some(archive), scratch, context, silent));
  expect(error).toMatchObject({ code: 'download-damaged', exitCode: 3 });
});
