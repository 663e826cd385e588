import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { requireWritable } from '../../../lib/require-writable.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

describe('requireWritable', () => {
  test('passes a directory, and one that could be made', async () => {
    const directory = await temporaryDirectory();
    await requireWritable(directory, 'The registry');
    await requireWritable(join(directory, 'a', 'b', 'c'), 'The registry');
  });

  test('fails below a file, and makes nothing', async () => {
    const file = join(await temporaryDirectory(), 'file');
    await writeFile(file, 'as it was');
    const error = await kitErrorOf(() => requireWritable(join(file, 'a'), 'The registry'));
    expect(error).toMatchObject({ code: 'not-writable', exitCode: 3 });
    expect(error.problems).toMatchObject([
      { path: join(file, 'a'), message: 'The registry cannot be written here (ENOTDIR)' },
    ]);
  });

  test.runIf(process.platform === 'linux')('fails on a read-only file system', async () => {
    const error = await kitErrorOf(() => requireWritable('/proc/self', 'The state'));
    expect(error.code).toBe('not-writable');
  });
});
