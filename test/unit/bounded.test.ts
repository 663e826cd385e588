import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTextFile } from '../../lib/read-text-file.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** What runs on the user's machine; programs in containers have limits of their own. */
const ROOMS = [
  'cli',
  'clients',
  'cluster',
  'external-database',
  'lib',
  'lifecycle',
  'prisma',
  'registry',
  'scripts',
  'service',
  'setup',
  'stacks',
  'targets',
];

/** Ways around the one place of requests and the one place of time limits. */
const FORBIDDEN = [
  [/from 'undici'|[^.\w]fetch\(/, 'lib/http/ask.ts'],
  [/AbortSignal\.(timeout|any)\(/, 'lib/time-limit.ts'],
] as const;

test('requests and time limits have one place each', async () => {
  const root = new URL('../..', import.meta.url).pathname;
  const found: string[] = [];
  for (const room of ROOMS) {
    const names = await readdir(join(root, room), { recursive: true });
    for (const name of names.filter((each) => each.endsWith('.ts'))) {
      const file = join(room, name);
      const text = await readFile(join(root, file), 'utf8');
      found.push(
        ...FORBIDDEN.flatMap(([what, place]) => (what.test(text) && file !== place ? [file] : [])),
      );
    }
  }
  expect(found).toEqual([]);
});

test('files that a user names are files, of a size that people write', async () => {
  const directory = await temporaryDirectory();
  const at = (name: string) => join(directory, name);
  await mkdir(at('directory'));
  execFileSync('mkfifo', [at('pipe')]);
  await writeFile(at('large'), '');
  await truncate(at('large'), 5 * 1024 ** 3);
  await writeFile(at('text'), 'a text');
  const reasonOf = (path: string) => readTextFile(path).catch((error: Error) => error.message);
  expect(await reasonOf('/dev/zero')).toBe('it is a pipe or a device, not a file');
  expect(await reasonOf(at('pipe'))).toBe('it is a pipe or a device, not a file');
  expect(await reasonOf(at('directory'))).toBe('it is a directory, not a file');
  expect(await reasonOf(at('large'))).toBe('it is larger than 64 MiB');
  expect(await reasonOf(at('text'))).toBe('a text');
  expect(await reasonOf('/proc/self/status')).toContain('Pid:');
  expect(await reasonOf(at('none'))).toContain('ENOENT');
});
