import { describe, expect, test } from 'vitest';
import { TARGETS } from '../../../../../targets/all.js';
import { commonFacts } from '../../../../../targets/common/stages/facts.js';
import { registerStage } from '../../../../../targets/common/stages/register.js';
import { inputFor, stageCall } from '../../../../../targets/common/stages/stage.js';
import { dockerFacts } from '../../../../../targets/docker/facts.js';
import { STAGES as DOCKER_STAGES } from '../../../../../targets/docker/stages/all.js';
import { dropletFacts } from '../../../../../targets/droplet/facts.js';
import { STAGES as DROPLET_STAGES } from '../../../../../targets/droplet/stages/all.js';
import { someDroplet } from '../../../../support/synthesized-droplet-stack.js';
import { someSettings } from '../../../../support/synthesized-stack.js';

const places = { stateDir: '/p/.clusterkit', registry: '/h/config.yml', attempt: 'first' };
const facts = dockerFacts(someSettings({ port: 5000 }), places);
const onDroplet = dropletFacts(someDroplet({ port: 5000 }), places, {
  droplet: '7',
  host: '203.0.113.7',
  address: '198.51.100.1',
});

test('commonFacts: the configuration of a server up to 1.6 starts its image', () => {
  const server = { image: 'own/server', version: '1.6.3', auth: 'rsa' } as const;
  expect(commonFacts(someSettings({ server }), places).startedImage).toBe('own/server');
});

test('dockerFacts: paths and names, nothing secret', () => {
  expect(facts).toEqual({
    cluster: 'one',
    target: 'docker',
    project: '/p/.clusterkit',
    keyDirectory: '/p/.clusterkit/keys/one',
    endpoint: 'http://127.0.0.1:5000',
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
    port: 5000,
    serverImage: 'prismagraphql/prisma:1.8',
    serverTransport: 'pull',
    databaseTransport: 'pull',
    volume: 'clusterkit-one-data',
  });
});

test('dropletFacts: no volume, no name of one', () => {
  const place = { droplet: '7', host: '192.0.2.1', address: '192.0.2.1' };
  expect(dropletFacts(someDroplet({ volume: false }), places, place).volume).toBe('');
});

describe('inputFor', () => {
  const stages = TARGETS.flatMap((target) => target.stages.map((stage) => ({ target, stage })));

  test.each(stages)('$target.name: $stage.name receives what it accepts, and no more', (each) => {
    const all = each.target.name === 'docker' ? facts : onDroplet;
    const input = inputFor(each.stage, all);
    expect(each.stage.input.parse(input)).toEqual(input);
    expect(() => each.stage.input.parse({ ...input, more: 1 })).toThrow();
  });

  test('facts that a cluster lacks are left out, not undefined', () => {
    const input = inputFor(registerStage, { ...facts, gateway: undefined, tls: undefined });
    expect(Object.keys(input).sort()).toEqual([
      ...['auth', 'cluster', 'endpoint', 'keyDirectory', 'registry', 'target', 'version'],
    ]);
  });

  test('a state from before there were droplets means the engine of this machine', () => {
    const { target: _, ...older } = inputFor(registerStage, facts);
    expect(registerStage.input.parse(older)).toEqual(inputFor(registerStage, facts));
  });

  test('an attempt runs the sweep again, and nothing that holds data', () => {
    const asked = stages.filter(({ stage }) => 'attempt' in stage.input.shape);
    expect(asked.map(({ stage }) => stage.name)).toEqual(['sweep', 'sweep-droplet']);
  });
});

describe('stageCall', () => {
  const TOKENS = ['DIGITALOCEAN_TOKEN', 'DIGITALOCEAN_ACCESS_TOKEN'];
  const place = { host: 'db', port: 5432, user: 'u', database: 'd', ssl: 'disable' } as const;
  const external = { ...place, password: { env: 'DB_PASSWORD' } };

  test('gives the input, and the attempt beside it', () => {
    expect(stageCall(DOCKER_STAGES, 'register', facts)).toEqual({
      input: inputFor(registerStage, facts),
      attempt: 'first',
      withheld: TOKENS,
    });
  });

  test('withholds from every stage the variables that it does not need', () => {
    const withheld = (stages: typeof DOCKER_STAGES, all: typeof facts) =>
      Object.fromEntries(
        stages.map(({ name }) => [name, stageCall(stages, name, { ...all, external }).withheld]),
      );
    const [neither, token, password] = [[...TOKENS, 'DB_PASSWORD'], ['DB_PASSWORD'], TOKENS];
    expect(withheld(DOCKER_STAGES, facts)).toEqual({
      ...{ sweep: neither, configure: password, 'await-database': neither, register: neither },
      ...{ release: neither, 'release-database': password, forget: neither },
    });
    expect(withheld(DROPLET_STAGES, onDroplet)).toEqual({
      ...{ 'sweep-droplet': token, 'managed-database': token, install: password },
      ...{ register: neither, release: neither, 'release-database': password },
      ...{ 'drop-database': token, 'forget-droplet': token },
    });
  });

  test('a password in a file is in no variable', () => {
    const inFile = { ...facts, external: { ...place, password: { file: '/run/password' } } };
    expect(stageCall(DOCKER_STAGES, 'register', inFile).withheld).toEqual(TOKENS);
  });

  test('a stage of that name must exist', () => {
    expect(() => stageCall(DOCKER_STAGES, 'install', facts)).toThrow("there is no stage 'install'");
  });
});
