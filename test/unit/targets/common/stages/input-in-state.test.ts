import { describe, expect, test } from 'vitest';
import { inputIn } from '../../../../../targets/common/stages/input-in-state.js';
import { awaitDatabaseStage } from '../../../../../targets/docker/stages/await-database.js';
import { type SomeResource, stateWith } from '../../../../support/terraform-state.js';

const INPUT = { cluster: 'one', keyDirectory: '/k', connector: 'mysql' };
const told = (value: unknown, more: object = {}) => ({ ...more, attributes: { input: { value } } });
const stage = (custom: Partial<SomeResource> = {}): SomeResource => ({
  type: 'terraform_data',
  name: 'await-database',
  instances: [told(INPUT)],
  ...custom,
});
const read = (...resources: SomeResource[]) => inputIn(stateWith(resources), awaitDatabaseStage);

describe('inputIn', () => {
  test('gives the input of the stage', () => {
    expect(read(stage({ name: 'another', instances: [] }), stage())).toEqual(INPUT);
  });

  test('gives its last input, where an older one is yet to be removed', () => {
    const old = told({ ...INPUT, keyDirectory: '/old' }, { deposed: 'f00d' });
    expect(read(stage({ instances: [old, told(INPUT)] }))).toEqual(INPUT);
    expect(read(stage({ instances: [old] }))).toBeUndefined();
  });

  test.each([
    ['a stage that never ran', []],
    ['a stage that is gone', [stage({ instances: [] })]],
    ['a stage that failed', [stage({ instances: [told(INPUT, { status: 'tainted' })] })]],
    ['a resource of another type', [stage({ type: 'null_resource' })]],
    ['what was only looked up', [stage({ mode: 'data' })]],
    ['an input of another kit', [stage({ instances: [told({ a: 1 })] })]],
    ['no input', [stage({ instances: [{ attributes: { input: null } }] })]],
    ['no attributes', [stage({ instances: [{ attributes: null }] })]],
  ])('gives nothing of %s', (_, resources) => {
    expect(read(...resources)).toBeUndefined();
  });
});
