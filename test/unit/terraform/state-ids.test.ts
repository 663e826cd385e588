import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { idsInState } from '../../../lib/terraform/state-ids.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const stateOf = async (text: string) => {
  const path = join(await temporaryDirectory(), 'a.tfstate');
  await writeFile(path, text);
  return path;
};
const instance = (id: unknown, status?: string) => ({
  schema_version: 0,
  ...(status && { status }),
  attributes: { id, name: 'n' },
});
const state = (resources: unknown) =>
  JSON.stringify({ version: 4, terraform_version: '1.11.4', serial: 3, outputs: {}, resources });

test('ids of every object, tainted ones too', async () => {
  const path = await stateOf(
    state([
      { mode: 'managed', type: 'docker_container', name: 'server', instances: [instance('a')] },
      {
        mode: 'managed',
        type: 'docker_volume',
        name: 'data',
        instances: [instance('b', 'tainted')],
      },
      { mode: 'managed', type: 'x', name: 'none', instances: [] },
      { mode: 'managed', type: 'x', name: 'no-id', instances: [{ attributes: {} }] },
      {
        mode: 'managed',
        type: 'x',
        name: 'null',
        instances: [instance(null), { attributes: null }],
      },
    ]),
  );
  expect(await idsInState(path)).toEqual(new Set(['a', 'b']));
});

test('empty when there is no file, or nothing in it', async () => {
  expect(await idsInState(join(await temporaryDirectory(), 'none'))).toEqual(new Set());
  expect(await idsInState(await stateOf(state([])))).toEqual(new Set());
});

test.each(['', '{', '{}', '[]', '{"resources":{}}'])(
  'undefined when it cannot be understood: %j',
  async (text) => expect(await idsInState(await stateOf(text))).toBeUndefined(),
);
