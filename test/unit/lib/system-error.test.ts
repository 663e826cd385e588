import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { diskFull, isDiskFull } from '../../../lib/disk-full.js';
import { environmentError } from '../../../lib/errors.js';
import { asKitError } from '../../../lib/system-error.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const systemError = (code: string, path?: string) =>
  Object.assign(new Error(`${code}: no, open '${path}'`), { code, ...(path && { path }) });

it.each([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EACCES', 'file-unusable'],
  ['EROFS', 'file-unusable'],
  ['EIO', 'file-unusable'],
])('%s is %s', (code, expected) => {
  expect(asKitError(systemError(code, '/x'))).toMatchObject({
    code: expected,
    exitCode: 3,
    problems: [{ path: '/x' }],
  });
});

it('what a path of a real file system refuses is no defect of the kit', async () => {
  const file = join(await temporaryDirectory(), 'file');
  await writeFile(file, '');
  const errors = await Promise.all(
    [
      mkdir(join(file, 'below')),
      writeFile(join(file, '..'), ''),
      readFile(`/${'x'.repeat(300)}`),
    ].map((work) => work.catch((error: unknown) => error)),
  );
  expect(errors.map((error) => asKitError(error)?.code)).toEqual([
    'file-unusable',
    'file-unusable',
    'file-unusable',
  ]);
});

it('a defect of the kit stays one', () => {
  expect(asKitError(new TypeError('x is not a function'))).toBeUndefined();
  expect(asKitError(systemError('EACCES'))).toBeUndefined();
  expect(asKitError('text')).toBeUndefined();
});

it('an error of the kit stays as it is', () => {
  const error = environmentError('other', { message: 'x', cause: systemError('EACCES', '/x') });
  expect(asKitError(error)).toBe(error);
});

it('isDiskFull follows causes', () => {
  const cause = systemError('ENOSPC', '/x');
  expect(isDiskFull(new Error('synthesis failed', { cause }))).toBe(true);
  expect(isDiskFull(new Error('synthesis failed', { cause: systemError('EIO') }))).toBe(false);
  expect(diskFull('/x', cause).problems[0]?.hint).toContain('Free some space');
});
