import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { engineVariables, handedOver } from '../../../../clients/docker/address/hand-over.js';
import { findProvider } from '../../../../targets/docker/provider.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

async function userWith(config: object) {
  const home = await temporaryDirectory();
  await mkdir(join(home, '.docker'));
  await writeFile(join(home, '.docker/config.json'), JSON.stringify(config));
  return { HOME: home, PATH: home, DOCKER_HOST: 'unix:///e.sock', DOCKER_CERT_PATH: '/left' };
}
const ENGINE = { host: 'unix:///e.sock', context: '', certPath: '' };
const IMAGES = ['r.example/a:1', 'r.example/b:1', 'postgres:15'];

test('the stack names the engine, and where logins are, never a login', async () => {
  const auth = Buffer.from('ann:hunter2').toString('base64');
  const auths = { 'r.example': { auth }, 'https://index.docker.io/v1/': { auth } };
  const env = await userWith({ auths });
  const configFile = join(env.HOME, '.docker/config.json');
  const found = await findProvider(IMAGES, env);
  expect(found).toEqual({
    provider: {
      ...ENGINE,
      registryAuth: [
        { address: 'r.example', configFile },
        { address: 'registry-1.docker.io', configFile },
      ],
    },
    refusal: undefined,
  });
  expect(JSON.stringify(found)).not.toMatch(/hunter2|YW5u/);
});

test('a helper that is missing refuses what is new; a destroy works', async () => {
  const env = await userWith({ credHelpers: { 'r.example': 'none' } });
  const { provider, refusal } = await findProvider(IMAGES, env);
  expect(provider).toEqual(ENGINE);
  expect(refusal).toContain('credHelpers.r.example names docker-credential-none');
  const helper = join(env.HOME, 'docker-credential-none');
  await writeFile(helper, '#!/bin/sh\n');
  await chmod(helper, 0o755);
  expect((await findProvider(IMAGES, env)).provider?.registryAuth).toHaveLength(1);
});

test('DOCKER_CONTEXT where the provider would use another engine', async () => {
  const env = { ...(await userWith({})), DOCKER_CONTEXT: 'one' };
  const error = await kitErrorOf(() => findProvider(IMAGES, env));
  expect([error.code, error.problems[0]?.path]).toEqual(['engine-misconfigured', 'DOCKER_CONTEXT']);
  const named = { ...env, DOCKER_HOST: '', DOCKER_CONTEXT: 'default' };
  expect((await kitErrorOf(() => findProvider(IMAGES, named))).code).toBe('engine-misconfigured');
});

test('broken configuration refuses with its words', async () => {
  const env = { ...(await userWith({})), DOCKER_HOST: 'http://x' };
  const { provider, refusal } = await findProvider(IMAGES, env);
  expect(provider).toBeUndefined();
  expect(refusal).toContain("'http://x' is no address of an engine");
});

test('Terraform’s variables: this engine and no other, also for stages', () => {
  const files = ['ca.pem', 'cert.pem', 'key.pem'] as const;
  const tls = { directory: '/certs', files, isVerified: true };
  const engine = { host: 'tcp://far:2376', from: 'DOCKER_CONTEXT=far', tls };
  const variables = engineVariables(engine);
  expect(variables).toMatchObject({
    DOCKER_HOST: 'tcp://far:2376',
    DOCKER_CERT_PATH: '/certs',
    DOCKER_CONTEXT: undefined,
    DOCKER_TLS: undefined,
    DOCKER_KEY_MATERIAL: undefined,
  });
  expect(handedOver(variables)).toEqual(engine);
  expect(engineVariables({ host: 'unix:///e.sock', from: 'x' }).DOCKER_CERT_PATH).toBeUndefined();
  expect(() => engineVariables({ ...engine, tls: { ...tls, isVerified: false } })).toThrow(
    "Terraform's Docker provider cannot reach tcp://far:2376",
  );
});
