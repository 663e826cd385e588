import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { usableTmpdir } from '../../../lib/usable-tmpdir.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const usable = (TMPDIR: string | undefined) => usableTmpdir({ TMPDIR }, 'linux');

test('a directory that can be used stays, also with a blank in its name', async () => {
  const directory = join(await temporaryDirectory(), 'a b');
  await mkdir(directory);
  expect(usable(directory)).toBe(directory);
  expect(usable(undefined)).toBeUndefined();
  expect(usableTmpdir({ TMPDIR: 'C:\\no' }, 'win32')).toBe('C:\\no');
});

test('missing, a file, relative, empty, or too long for a socket: /tmp', async () => {
  const directory = await temporaryDirectory();
  const file = join(directory, 'file');
  await writeFile(file, '');
  const long = join(directory, 'x'.repeat(80));
  await mkdir(long);
  const found = [join(directory, 'none'), file, '.', '', long].map(usable);
  expect(found).toEqual(Array(5).fill('/tmp'));
});
