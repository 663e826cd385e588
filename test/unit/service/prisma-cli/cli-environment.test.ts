import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../lib/secret.js';
import { type CliPurpose, cliEnvironment } from '../../../../service/prisma-cli/cli-environment.js';

const purpose = (custom: Partial<CliPurpose>): CliPurpose => ({
  minor: 8,
  form: 'cluster',
  cluster: { name: 'mine', host: 'http://localhost:4466', secret: new Secret('-key-') },
  auth: 'rsa',
  service: 'blog',
  stage: 'dev',
  variables: {},
  registryIsPlain: true,
  env: {},
  dotEnv: {},
  mentioned: [],
  runsPrograms: false,
  ...custom,
});

/** What every CLI gets: nothing that the hosted cloud would hear of. */
const ALWAYS = {
  NO_UPDATE_NOTIFIER: '1',
  STATS_ENDPOINT: 'http://127.0.0.1:9',
  CLOUD_API_ENDPOINT: 'http://127.0.0.1:9',
  PRISMA_CLOUD_SESSION_KEY: undefined,
};

describe('the environment of a CLI', () => {
  test('with the registry: removes only misleading variables', () => {
    expect(cliEnvironment(purpose({ minor: 6 }))).toEqual({
      changes: {
        ...ALWAYS,
        PRISMA_MANAGEMENT_API_SECRET: undefined,
        DOCKER_HOST: 'unix:///nowhere/docker.sock',
      },
      registry: undefined,
    });
  });

  test('the engine is out of reach for CLIs that would boot a server, but not for hooks', () => {
    const engineOf = (custom: Partial<CliPurpose>) =>
      'DOCKER_HOST' in
      cliEnvironment(purpose({ env: { DOCKER_HOST: 'tcp://e' }, ...custom })).changes;
    expect(engineOf({ minor: 4 })).toBe(true);
    expect(engineOf({ minor: 4, registryIsPlain: false })).toBe(true);
    expect(engineOf({ minor: 4, runsPrograms: true })).toBe(false);
    expect(engineOf({ minor: 20, form: 'endpoint' })).toBe(false);
  });

  test('for another registry: one entry, and the key only in the environment', () => {
    const { changes, registry } = cliEnvironment(purpose({ registryIsPlain: false }));
    expect(changes.CLUSTERKIT_CLUSTER_KEY).toBe('-key-');
    expect(JSON.parse(registry ?? '')).toEqual({
      clusters: {
        mine: { host: 'http://localhost:4466', clusterSecret: `\${env:CLUSTERKIT_CLUSTER_KEY}` },
      },
    });
  });

  test.each([
    ['http://localhost:4466', 'local'],
    ['http://127.0.0.1:4466', 'local'],
    ['http://10.0.0.7:4466', 'default'],
  ])('1.7 and 1.8 with endpoint at %s: the entry is named %s', (host, name) => {
    const cluster = { name: 'mine', host, secret: new Secret('-key-') };
    const { registry } = cliEnvironment(purpose({ form: 'endpoint', cluster }));
    expect(Object.keys(JSON.parse(registry ?? '').clusters)).toEqual([name]);
  });

  test('with a secret: in its variable, in no registry', () => {
    const { changes, registry } = cliEnvironment(purpose({ auth: 'secret', form: 'endpoint' }));
    expect(changes.PRISMA_MANAGEMENT_API_SECRET).toBe('-key-');
    expect(changes).not.toHaveProperty('CLUSTERKIT_CLUSTER_KEY');
    expect(registry).not.toContain('key');
  });

  test('1.9 to 1.11 get the endpoint of a cluster by a variable, later ones that of a bare file', () => {
    const endpoint = 'http://localhost:4466/blog/dev';
    const told = (custom: Partial<CliPurpose>) =>
      cliEnvironment(purpose({ auth: 'secret', ...custom })).changes.PRISMA_MANAGEMENT_API_ENDPOINT;
    expect(told({ minor: 8 })).toBeUndefined();
    expect(told({ minor: 9 })).toBe(endpoint);
    expect(told({ minor: 11 })).toBe(endpoint);
    expect(told({ minor: 34, form: 'endpoint' })).toBeUndefined();
    expect(told({ minor: 34, form: 'bare' })).toBe(endpoint);
  });

  test('later CLIs get an empty registry where theirs has a session of the cloud: they erase it', () => {
    const { registry } = cliEnvironment(purpose({ minor: 34, registryIsPlain: false }));
    expect(registry).toBe('clusters: {}\n');
  });

  test('a .env cannot restore a removed variable', () => {
    const dotEnv = { PRISMA_MANAGEMENT_API_SECRET: 'other', PRISMA_CLOUD_SESSION_KEY: 'k' };
    expect(cliEnvironment(purpose({ dotEnv })).changes).toMatchObject({
      PRISMA_MANAGEMENT_API_SECRET: '',
      PRISMA_CLOUD_SESSION_KEY: '',
    });
  });

  test('variables of prisma.yml: from .env unless set, and as the cluster needs them', () => {
    const { changes } = cliEnvironment(
      purpose({
        mentioned: ['A', 'B', 'C', 'PE'],
        env: { A: 'set' },
        dotEnv: { A: 'file', B: 'file', PE: 'other', D: 'unmentioned' },
        variables: { PE: 'http://localhost:4466' },
      }),
    );
    expect(changes).toMatchObject({ B: 'file', PE: 'http://localhost:4466' });
    expect(changes).not.toHaveProperty('A');
    expect(changes).not.toHaveProperty('D');
  });

  test('under test the old CLIs forget their HOME; a proxy is not for this machine', () => {
    const env = { NODE_ENV: 'test', HTTP_PROXY: 'http://p:1', no_proxy: 'x' };
    expect(cliEnvironment(purpose({ env })).changes).toMatchObject({
      NODE_ENV: undefined,
      NO_PROXY: 'x,localhost,127.0.0.1',
    });
  });

  test('keeps the user’s setting for statistics', () => {
    const env = { STATS_ENDPOINT: 'http://mine', CLOUD_API_ENDPOINT: 'http://mine' };
    expect(cliEnvironment(purpose({ env })).changes).toMatchObject(env);
  });
});
