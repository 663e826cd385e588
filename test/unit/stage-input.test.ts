import { describe, expect, test } from 'vitest';
import { stageFacts } from '../../lib/stage-facts.js';
import { inputFor, STAGE_INPUTS, type StageName } from '../../lib/stage-input.js';
import { someSettings } from '../support/synthesized-stack.js';

const facts = stageFacts(someSettings({ port: 5000 }), {
  stateDir: '/p/.clusterkit',
  registry: '/h/config.yml',
  attempt: 'first',
});

test('stageFacts: the configuration of a server up to 1.6 starts its image', () => {
  const server = { image: 'own/server', version: '1.6.3', auth: 'rsa' } as const;
  const places = { stateDir: '/p/.clusterkit', registry: '/h/config.yml', attempt: 'first' };
  expect(stageFacts(someSettings({ server }), places).startedImage).toBe('own/server');
});

test('stageFacts: paths and names, nothing secret', () => {
  expect(facts).toEqual({
    cluster: 'one',
    project: '/p/.clusterkit',
    keyDirectory: '/p/.clusterkit/keys/one',
    endpoint: 'http://localhost:5000',
    registry: '/h/config.yml',
    connector: 'postgres',
    auth: 'rsa',
    startedImage: '',
    databaseImage: 'postgres:10',
    version: '1.8',
    stateFile: '/p/.clusterkit/state/one.tfstate',
    attempt: 'first',
  });
});

describe('inputFor', () => {
  const names = Object.keys(STAGE_INPUTS) as StageName[];

  test.each(names)('%s is told what its stage accepts, and no more', (name) => {
    const input = inputFor(name, facts);
    expect(STAGE_INPUTS[name].parse(input)).toEqual(input);
    expect(() => STAGE_INPUTS[name].parse({ ...input, more: 1 })).toThrow();
  });

  test('an attempt runs the sweep again, and nothing that holds data', () => {
    const told = names.filter((name) => 'attempt' in inputFor(name, facts));
    expect(told).toEqual(['sweep']);
  });
});
