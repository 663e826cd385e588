import { expect, test } from 'vitest';
import type { State } from '../../../../../clients/terraform/state/state.js';
import {
  assertOwnInputs,
  inputHere,
  isBelow,
} from '../../../../../targets/common/stages/own-paths.js';

const HERE = '/b/.clusterkit';
const stored = {
  cluster: 'one',
  project: '/a/.clusterkit',
  keyDirectory: '/a/.clusterkit/keys/one',
  stateFile: '/a/.clusterkit/state/one.tfstate',
  registry: '/home/u/.prisma/config.yml',
};

test('the input of a cluster that has moved has the paths of where it is now', () => {
  expect(inputHere(stored, HERE)).toEqual({
    ...stored,
    project: HERE,
    keyDirectory: '/b/.clusterkit/keys/one',
    stateFile: '/b/.clusterkit/state/one.tfstate',
  });
  expect(inputHere(stored)).toEqual(stored);
});

test.for([
  ['keyDirectory', '/home/u'],
  ['keyDirectory', '/'],
  ['keyDirectory', '/a/.clusterkit/keys/..'],
  ['keyDirectory', '/a/.clusterkit/keys/../../../home/u'],
  ['keyDirectory', '/a/.clusterkit/keys/two'],
  ['project', '/a'],
  ['project', '/a/.clusterkit/../../home/u'],
  ['stateFile', '/home/u/file'],
  ['stateFile', '/a/.clusterkit/state/two.tfstate'],
  ['cluster', '../..'],
] as const)('%s %s is refused with its value, in a step and in a whole state', ([name, value]) => {
  const input = { ...stored, [name]: value };
  const refusal = /of a step, which is not this project's/;
  expect(() => inputHere(input, HERE)).toThrow(refusal);
  expect(() => inputHere(input)).toThrow(refusal);
  expect(() => assertOwnInputs(stateWith(input), HERE)).toThrow(refusal);
});

test('a state that the kit wrote passes, wherever it is now', () => {
  for (const place of [HERE, '/a/.clusterkit']) {
    expect(() => assertOwnInputs(stateWith(stored), place)).not.toThrow();
  }
});

test.for([
  ['/p', '/p/secrets/pw', true],
  ['/p', '/p/..pw', true],
  ['/p', '/p', false],
  ['/p', '/px/pw', false],
  ['/p', '/p/../pw', false],
] as const)('%s has %s: %s', ([directory, file, expected]) => {
  expect(isBelow(directory, file)).toBe(expected);
});

const stateWith = (value: object): State => ({
  version: 4,
  outputs: {},
  resources: [
    {
      mode: 'managed',
      type: 'terraform_data',
      name: 'ground',
      instances: [{ attributes: { input: { value } } }],
    },
  ],
});
