import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { keepIdentity } from '../../../cluster/identity.js';
import { removeBuilds } from '../../../lifecycle/remove-builds.js';
import { engine } from '../../support/engine-traces.js';
import { someApp } from '../../support/some-app.js';
import { someDroplet } from '../../support/synthesized-droplet-stack.js';
import { IMAGES } from '../../support/test-cluster.js';
import { testContext } from '../../support/test-context.js';

const ID = '11111111-1111-4111-8111-111111111111';

/** An image that the engine built for the application `web` of a cluster. */
async function build(cluster: string, identity: string): Promise<string> {
  const [repo, tag] = [`clusterkit-app/${cluster}-web`, 'r1'];
  const source = await engine.createContainer({ Image: IMAGES.database, Entrypoint: ['true'] });
  const labels = { cluster, identity, role: 'app', app: 'web' };
  const changes = Object.entries(labels).map(
    ([name, value]) => `LABEL dev.clusterkit.${name}=${value}`,
  );
  await source.commit({ repo, tag, changes: changes.join('\n') });
  await source.remove({ v: true });
  const reference = `${repo}:${tag}`;
  onTestFinished(() =>
    engine
      .getImage(reference)
      .remove({ force: true })
      .catch(() => undefined),
  );
  return reference;
}

test('images for a cluster elsewhere go with it: its own, and no others', async () => {
  const name = `ck-test-${randomBytes(4).toString('hex')}`;
  const settings = someDroplet({ name, apps: [someApp('web')] });
  const { DOCKER_HOST } = process.env;
  const env = DOCKER_HOST === undefined ? {} : { DOCKER_HOST };
  const context = await testContext({ settings, runsHere: false, env });
  await keepIdentity(context.project.stateDir, name, { id: ID, origin: context.project.stateDir });
  const foreign = await build(name, ID.replaceAll('1', '2'));
  expect(await removeBuilds(settings, context)).toEqual([]);
  await engine.getImage(foreign).inspect();

  const own = await build(name, ID);
  expect(await removeBuilds({ apps: [] }, context)).toEqual([]);
  expect(await removeBuilds(settings, { ...context, runsHere: true })).toEqual([]);
  expect(await removeBuilds(undefined, context)).toEqual([own]);
  await expect(engine.getImage(own).inspect()).rejects.toMatchObject({ statusCode: 404 });
});

test('an engine that is away is no reason to fail', async () => {
  const settings = someDroplet({ apps: [someApp('web')] });
  const env = { DOCKER_HOST: 'unix:///nowhere/ck-test.sock' };
  const context = await testContext({ settings, runsHere: false, env });
  expect(await removeBuilds(settings, context)).toEqual([]);
});
