import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { attemptOf } from '../../../lib/terraform/attempt.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const sweep = (status?: string) => ({
  type: 'terraform_data',
  name: 'sweep',
  instances: [
    {
      ...(status && { status }),
      attributes: {
        id: 'i',
        input: { value: { attempt: 'the-last', cluster: 'one' }, type: ['object', {}] },
      },
    },
  ],
});
const register = (status?: string) => ({
  type: 'terraform_data',
  name: 'register',
  instances: [{ ...(status && { status }), attributes: { id: 'j' } }],
});
const attemptIn = async (...resources: unknown[]) => {
  const path = join(await temporaryDirectory(), 'a.tfstate');
  await writeFile(path, JSON.stringify({ version: 4, resources }));
  return attemptOf(path);
};

test('a finished apply keeps its name, so that the next plan is empty', async () => {
  expect(await attemptIn(sweep(), register())).toBe('the-last');
});

test.each([
  ['nothing', []],
  ['no registration', [sweep()]],
  ['a registration that failed', [sweep(), register('tainted')]],
  ['a registration that is gone', [sweep(), { ...register(), instances: [] }]],
  ['a sweep that failed', [sweep('tainted'), register()]],
])('a state with %s begins anew', async (_, resources) => {
  expect(await attemptIn(...resources)).toMatch(UUID);
});

test('no state, or none that can be read, begins anew', async () => {
  const directory = await temporaryDirectory();
  expect(await attemptOf(join(directory, 'none'))).toMatch(UUID);
  await writeFile(join(directory, 'broken'), '{');
  expect(await attemptOf(join(directory, 'broken'))).toMatch(UUID);
});
