import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inputInState } from '../../../lib/terraform/state-inputs.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const INPUT = { cluster: 'one', keyDirectory: '/k', connector: 'mysql' };
const resource = (custom: object = {}, status?: string) => ({
  type: 'terraform_data',
  name: 'await-database',
  instances: [{ ...(status && { status }), attributes: { input: { value: INPUT } } }],
  ...custom,
});

async function read(content: unknown) {
  const path = join(await temporaryDirectory(), 'one.tfstate');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return inputInState(path, 'await-database');
}

describe('inputInState', () => {
  test('gives what the stage was told', async () => {
    expect(await read({ resources: [resource()] })).toEqual(INPUT);
  });

  test.each([
    ['a stage that never ran', { resources: [] }],
    ['a stage that failed', { resources: [resource({}, 'tainted')] }],
    ['a resource of another type', { resources: [resource({ type: 'null_resource' })] }],
    [
      'what another kit was told',
      { resources: [resource({ instances: [{ attributes: { input: { value: { a: 1 } } } }] })] },
    ],
    ['no JSON', '{'],
  ])('gives nothing of %s', async (_, content) => {
    expect(await read(content)).toBeUndefined();
  });

  test('gives nothing where there is no state', async () => {
    expect(await inputInState('/nowhere/one.tfstate', 'register')).toBeUndefined();
  });
});
