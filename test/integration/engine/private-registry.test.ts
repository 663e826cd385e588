import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../../clients/docker/connect.js';
import { findImage, pullImage } from '../../../clients/docker/find-image.js';
import { openEngine } from '../../../clients/docker/open-engine.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { openPrivateRegistry, type PrivateRegistry } from '../../support/private-registry.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

let engine: Engine;
let registry: PrivateRegistry;
beforeAll(async () => {
  engine = await openEngine(process.env);
  registry = await openPrivateRegistry('ann:hunter2');
});
afterAll(() => registry.close());

/** The environment of a user with this `config.json`. */
async function userWith(config: object): Promise<NodeJS.ProcessEnv> {
  const home = await temporaryDirectory();
  await mkdir(join(home, '.docker'));
  await writeFile(join(home, '.docker/config.json'), JSON.stringify(config));
  return { HOME: home, PATH: `${home}:${process.env.PATH}` };
}

async function pulls(env: NodeJS.ProcessEnv): Promise<boolean> {
  const reference = registry.image;
  await pullImage(engine, { reference, env });
  const found = (await findImage(engine, reference)) !== undefined;
  await engine.getImage(reference).remove();
  return found;
}

test('without a login: refused, with the command that makes one', async () => {
  const env = await userWith({});
  const error = await kitErrorOf(() => pullImage(engine, { reference: registry.image, env }));
  expect(error).toMatchObject({ code: 'image-missing', exitCode: 3 });
  expect(error.problems[0]?.hint).toContain(`docker login ${registry.host}`);
});

test('with the wrong password: its name is shown, not the password', async () => {
  const auth = Buffer.from('ann:wrong-password').toString('base64');
  const env = await userWith({ auths: { [registry.host]: { auth } } });
  const error = await kitErrorOf(() => pullImage(engine, { reference: registry.image, env }));
  expect(error.problems[0]?.hint).toContain(`the login of ann to ${registry.host}`);
  expect(error.message).not.toContain('wrong-password');
});

test('with the login in config.json', async () => {
  const auth = Buffer.from('ann:hunter2').toString('base64');
  expect(await pulls(await userWith({ auths: { [registry.host]: { auth } } }))).toBe(true);
  expect(registry.asked).toContain(true);
});

test('with a helper', async () => {
  const env = await userWith({ credHelpers: { [registry.host]: 'test' } });
  const helper = join(env.HOME ?? '', 'docker-credential-test');
  await writeFile(helper, `#!/bin/sh\necho '{"Username":"ann","Secret":"hunter2"}'\n`);
  await chmod(helper, 0o755);
  expect(await pulls(env)).toBe(true);
});
