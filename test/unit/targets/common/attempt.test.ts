import { expect, test } from 'vitest';
import { finishedAttempt, newAttempt } from '../../../../targets/common/attempt.js';
import { type SomeResource, stateWith } from '../../../support/terraform-state.js';

const step = (name: string, attributes: object, status?: string): SomeResource => ({
  type: 'terraform_data',
  name,
  instances: [{ ...(status && { status }), attributes: { id: 'i', ...attributes } }],
});
const told = (value: object) => ({ input: { value, type: ['object', {}] } });
const sweep = (status?: string) =>
  step('sweep', told({ attempt: 'the-last', cluster: 'one' }), status);
const register = (status?: string) => step('register', {}, status);

test('a finished apply keeps its name, so that the next plan is empty', () => {
  expect(finishedAttempt(stateWith([sweep(), register()]))).toBe('the-last');
});

test.each<[string, SomeResource[]]>([
  ['nothing', []],
  ['no registration', [sweep()]],
  ['a registration that failed', [sweep(), register('tainted')]],
  ['a registration that is gone', [sweep(), { ...register(), instances: [] }]],
  ['a registration of another type', [sweep(), { ...register(), type: 'docker_container' }]],
  ['no sweep', [register()]],
  ['a sweep that failed', [sweep('tainted'), register()]],
  ['a sweep of another kit', [step('sweep', told({ attempt: 1 })), register()]],
])('a state with %s has no finished one', (_, resources) => {
  expect(finishedAttempt(stateWith(resources))).toBeUndefined();
});

test('a new one has a name that none had before', () => {
  expect(newAttempt()).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(newAttempt()).not.toBe(newAttempt());
});
