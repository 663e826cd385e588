import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AppImageInput, ensureAppImage } from '../../../apps/build/ensure-app-image.js';
import { sourceDigest } from '../../../apps/build/source-context.js';
import { removeOldImages } from '../../../cluster/objects/remove-old-images.js';
import type { AppSource } from '../../../cluster/settings/apps/settings.js';
import {
  directoryWith,
  imagesOfTest,
  outputOf,
  referencesOf,
} from '../../support/build-fixtures.js';
import { engine } from '../../support/engine-traces.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { openPrivateRegistry, type PrivateRegistry } from '../../support/private-registry.js';
import { standInNode } from '../../support/stand-in-images.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const machine = { name: 'localhost', engine, close: () => {} };

let registry: PrivateRegistry;
beforeAll(async () => {
  registry = await openPrivateRegistry('ann:hunter2');
});
afterAll(() => registry.close());

const input = (cluster: string, source: AppSource, more: Partial<AppImageInput> = {}) => ({
  marks: { cluster, project: '/nowhere/.clusterkit', identity: 'test' },
  app: 'web',
  release: 'r1',
  source,
  base: '/nowhere',
  place: 'here' as const,
  transport: 'pull' as const,
  env: process.env,
  ...more,
});

/** The environment of a user who is logged in to the registry. */
async function userWithLogin(): Promise<NodeJS.ProcessEnv> {
  const home = await temporaryDirectory();
  await mkdir(join(home, '.docker'));
  const auth = Buffer.from('ann:hunter2').toString('base64');
  const config = { auths: { [registry.host]: { auth } } };
  await writeFile(join(home, '.docker/config.json'), JSON.stringify(config));
  return { HOME: home, PATH: process.env.PATH };
}

test('an ordinary Dockerfile of Node.js with packages, relative to clusters.yml', async () => {
  await standInNode();
  const cluster = imagesOfTest();
  const base = await directoryWith({
    'web/Dockerfile': `FROM node:22-bookworm-slim
WORKDIR /app
COPY package.json ./
RUN npm install
COPY . .
USER node
CMD ["node", "index.js"]
`,
    'web/package.json': JSON.stringify({ name: cluster, dependencies: { 'is-number': '7.0.0' } }),
    'web/index.js': "console.log(String(require('is-number')(7)), process.version.split('.')[0]);",
  });
  const source = { kind: 'build', directory: './web' } as const;
  const image = await ensureAppImage(machine, input(cluster, source, { base }));
  expect(image).toEqual({
    id: expect.stringMatching(/^sha256:/),
    reference: `clusterkit-app/${cluster}-web:r1`,
    digest: await sourceDigest(source, base),
  });
  expect(await outputOf(image.id, 'node', 'index.js')).toBe('true v22');
  const { Config } = await engine.getImage(image.id).inspect();
  expect(Config.Labels).toMatchObject({
    'dev.clusterkit.cluster': cluster,
    'dev.clusterkit.identity': 'test',
    'dev.clusterkit.role': 'app',
    'dev.clusterkit.app': 'web',
    'dev.clusterkit.context': image.digest,
  });
  // Unchanged, the next release has the same image under its own name.
  const next = await ensureAppImage(machine, input(cluster, source, { base, release: 'r2' }));
  expect(next).toEqual({ ...image, reference: `clusterkit-app/${cluster}-web:r2` });
});

test('an image from a registry keeps a name of the release when its own goes', async () => {
  const cluster = imagesOfTest();
  const source = { kind: 'image', image: registry.image } as const;
  const refused = await kitErrorOf(() =>
    ensureAppImage(machine, input(cluster, source, { env: { HOME: '/nowhere' } })),
  );
  expect(refused.code).toBe('image-missing');
  const image = await ensureAppImage(
    machine,
    input(cluster, source, { env: await userWithLogin() }),
  );
  expect(image).toEqual({
    id: expect.stringMatching(/^sha256:/),
    reference: `clusterkit-app/${cluster}-web:r1`,
  });
  await engine.getImage(registry.image).remove();
  expect((await engine.getImage(image.reference).inspect()).Id).toBe(image.id);
  const gone = await removeOldImages(engine, { cluster, app: 'web', releases: [] });
  expect(gone).toEqual([image.reference]);
});

test('a base image is pulled with the login to its registry', async () => {
  const cluster = imagesOfTest();
  const base = await directoryWith({ Dockerfile: `FROM ${registry.image}\nLABEL of=${cluster}\n` });
  const source = { kind: 'build', directory: '.' } as const;
  const without = input(cluster, source, { base, env: { HOME: '/nowhere' } });
  expect((await kitErrorOf(() => ensureAppImage(machine, without))).code).toBe('image-missing');
  await ensureAppImage(machine, input(cluster, source, { base, env: await userWithLogin() }));
  expect(await referencesOf(cluster)).toEqual([`clusterkit-app/${cluster}-web:r1`]);
  await engine.getImage(registry.image).remove();
});

test('a bundled image that is missing is not looked for in a registry', async () => {
  const cluster = imagesOfTest();
  const source = { kind: 'image', image: 'clusterkit/nothing:1' } as const;
  const error = await kitErrorOf(() => ensureAppImage(machine, input(cluster, source)));
  expect(error.code).toBe('image-missing');
  expect(error.problems[0]?.hint).toContain('scripts/setup');
});

test('for a machine that is away, it is built here and copied', async () => {
  const cluster = imagesOfTest();
  const base = await directoryWith({
    Dockerfile: `FROM clusterkit/debian:bookworm\nLABEL of=${cluster}\n`,
  });
  const source = { kind: 'build', directory: '.' } as const;
  // Both engines are the same one: nothing is left to copy.
  const away = input(cluster, source, { base, place: 'away' });
  const image = await ensureAppImage({ ...machine, name: 'away' }, away);
  expect((await engine.getImage(image.reference).inspect()).Id).toBe(image.id);
});
