import { describe, expect, test } from 'vitest';
import { dropletFacts, stageFacts } from '../../../../../targets/common/stages/facts.js';
import {
  inputFor,
  STAGE_INPUTS,
  type StageName,
} from '../../../../../targets/common/stages/input.js';
import { someDroplet } from '../../../../support/synthesized-droplet-stack.js';
import { someSettings } from '../../../../support/synthesized-stack.js';

const places = { stateDir: '/p/.clusterkit', registry: '/h/config.yml', attempt: 'first' };
const facts = stageFacts(someSettings({ port: 5000 }), places);
const onDroplet = dropletFacts(someDroplet({ port: 5000 }), places, {
  droplet: '7',
  host: '203.0.113.7',
  address: '198.51.100.1',
  memoryMb: 2048,
});

test('stageFacts: the configuration of a server up to 1.6 starts its image', () => {
  const server = { image: 'own/server', version: '1.6.3', auth: 'rsa' } as const;
  expect(stageFacts(someSettings({ server }), places).startedImage).toBe('own/server');
});

test('stageFacts: paths and names, nothing secret', () => {
  expect(facts).toEqual({
    cluster: 'one',
    target: 'docker',
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

test('dropletFacts: ssh goes to the droplet, clients to its other address', () => {
  const { endpoint: _, ...common } = facts;
  expect(onDroplet).toEqual({
    ...common,
    target: 'digitalocean',
    endpoint: 'http://198.51.100.1:5000',
    droplet: '7',
    host: '203.0.113.7',
    memoryMb: 2048,
    port: 5000,
    serverImage: 'prismagraphql/prisma:1.8',
    serverTransport: 'pull',
    databaseTransport: 'pull',
    volume: 'clusterkit-one-data',
  });
});

test('dropletFacts: no volume, no name of one', () => {
  const place = { droplet: '7', host: '192.0.2.1', address: '192.0.2.1', memoryMb: 1 };
  expect(dropletFacts(someDroplet({ volume: false }), places, place).volume).toBe('');
});

describe('inputFor', () => {
  const names = Object.keys(STAGE_INPUTS) as StageName[];

  test.each(names)('%s is told what its stage accepts, and no more', (name) => {
    const input = inputFor(name, { ...facts, ...onDroplet });
    expect(STAGE_INPUTS[name].parse(input)).toEqual(input);
    expect(() => STAGE_INPUTS[name].parse({ ...input, more: 1 })).toThrow();
  });

  test('a state from before there were droplets means the engine of this machine', () => {
    const { target: _, ...older } = inputFor('register', facts);
    expect(STAGE_INPUTS.register.parse(older)).toEqual(inputFor('register', facts));
  });

  test('an attempt runs the sweep again, and nothing that holds data', () => {
    const told = names.filter((name) => 'attempt' in STAGE_INPUTS[name].shape);
    expect(told).toEqual(['sweep', 'sweep-droplet']);
  });
});
