import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { buildImage } from '../../../apps/build/build-image.js';
import { dockerfileContext } from '../../../apps/build/context.js';
import { appImage } from '../../../cluster/objects/app-image.js';
import { removeOldImages } from '../../../cluster/objects/remove-old-images.js';
import {
  danglingImages,
  directoryWith,
  type Files,
  imagesOfTest,
  outputOf,
  referencesOf,
} from '../../support/build-fixtures.js';
import { engine } from '../../support/engine-traces.js';
import { kitErrorOf } from '../../support/kit-error-of.js';

const BASE = 'clusterkit/debian:bookworm';

/** Builds a directory with these files as release r1 of the application `web`. */
async function build(cluster: string, files: Files, more: object = {}) {
  const context = await dockerfileContext(await directoryWith(files));
  const tag = appImage(cluster, 'web', 'r1');
  return buildImage(engine, { context, tag, labels: {}, env: {}, ...more });
}

test('an image has the files of the directory with modes and links, without what is ignored', async () => {
  const cluster = imagesOfTest();
  const lines: string[] = [];
  const id = await build(
    cluster,
    {
      Dockerfile: `FROM ${BASE}\nWORKDIR /app\nCOPY . .\nRUN echo from the build of ${cluster}\n`,
      '.dockerignore': '*.secret\n.dockerignore\nDockerfile\n',
      'bin/run': { program: '#!/bin/sh\necho started\n' },
      'run-link': { link: 'bin/run' },
      'key.secret': 'not in the image',
      'empty.txt': '',
    },
    { labels: { 'dev.clusterkit.app': 'web' }, onLine: (line: string) => lines.push(line) },
  );
  expect(lines).toContain(`from the build of ${cluster}`);
  const image = await engine.getImage(id).inspect();
  expect(image.Config.Labels?.['dev.clusterkit.app']).toBe('web');
  expect(await outputOf(id, './run-link')).toBe('started');
  expect((await outputOf(id, 'find', '.', '-type', 'f')).split('\n').sort()).toEqual([
    './bin/run',
    './empty.txt',
  ]);
});

test('an unchanged directory is not built again: the same id, no command runs', async () => {
  const cluster = imagesOfTest();
  const files = {
    Dockerfile: `FROM ${BASE}\nLABEL of=${cluster}\nCOPY a /\nRUN echo ran >/b\n`,
    a: '1',
  };
  const first = await build(cluster, files);
  const lines: string[] = [];
  const again = await build(cluster, files, { onLine: (line: string) => lines.push(line) });
  expect(again).toBe(first);
  expect(lines.filter((line) => line === ' ---> Using cache')).toHaveLength(3);
  expect(await build(cluster, { ...files, a: '2' })).not.toBe(first);
  // What had the name before is gone.
  expect(await danglingImages(cluster)).toEqual([]);
});

test('a build that fails shows its last lines and the step, and leaves nothing', async () => {
  const cluster = imagesOfTest();
  const error = await kitErrorOf(() =>
    build(cluster, {
      Dockerfile: `FROM ${BASE}\nLABEL of=${cluster}\nRUN echo the reason is here >&2; exit 7\n`,
    }),
  );
  expect(error).toMatchObject({ code: 'app-build-failed', exitCode: 3 });
  expect(error.message).toContain(
    'the build fails at `RUN echo the reason is here >&2; exit 7`: exit code 7\n    | the reason is here\n',
  );
  expect(await danglingImages(cluster)).toEqual([]);
});

test('an interrupted build ends its container and leaves nothing', async () => {
  const cluster = imagesOfTest();
  const stop = new AbortController();
  const began = `it began for ${cluster}`;
  const onLine = (line: string) => {
    if (line === began) stop.abort(new Error('stopped'));
  };
  const building = build(
    cluster,
    { Dockerfile: `FROM ${BASE}\nLABEL of=${cluster}\nRUN echo ${began}; sleep 271\n` },
    { signal: stop.signal, onLine },
  );
  await expect(building).rejects.toThrow('stopped');
  const running = async () =>
    (await engine.listContainers({ all: true })).filter(({ Command }) => Command.includes(cluster));
  for (let tries = 0; (await running()).length > 0 && tries < 100; tries += 1) await pause(100);
  expect(await running()).toEqual([]);
  expect(await danglingImages(cluster)).toEqual([]);
});

test.each([
  ['RUN --mount=type=cache,target=/x true'],
  ['COPY --chmod=755 Dockerfile /'],
  ['RUN <<EOF\ntrue\nEOF'],
])('what only BuildKit has is named, with the way out: %s', async (instruction) => {
  const cluster = imagesOfTest();
  const error = await kitErrorOf(() =>
    build(cluster, { Dockerfile: `FROM ${BASE}\n${instruction}\n` }),
  );
  expect(error).toMatchObject({ code: 'app-build-needs-buildkit', exitCode: 2 });
  expect(error.problems[0]?.hint).toContain('docker build');
});

test('a base image that cannot be pulled is named', async () => {
  const cluster = imagesOfTest();
  const error = await kitErrorOf(() =>
    build(cluster, { Dockerfile: 'FROM 127.0.0.1:9/nobody/nothing:1\n' }),
  );
  expect(error).toMatchObject({ code: 'image-missing', exitCode: 3 });
  expect(error.message).toContain('base image 127.0.0.1:9/nobody/nothing:1');
  expect(error.problems[0]?.hint).toContain('docker login 127.0.0.1:9');
});

test('a full disk is reported as such', async () => {
  const cluster = imagesOfTest();
  const error = await kitErrorOf(() =>
    build(cluster, {
      Dockerfile: `FROM ${BASE}\nRUN echo 'tar: x: Cannot write: No space left on device'; exit 2\n`,
    }),
  );
  expect(error.code).toBe('disk-full');
});

test('stages are kept by name as the cache, and go with their release', async () => {
  const cluster = imagesOfTest();
  const stages = `FROM ${BASE} AS one\nLABEL of=${cluster}\nRUN echo 1 >/x\nFROM ${BASE}\nLABEL of=${cluster}\nCOPY --from=one /x /\n`;
  await build(cluster, { Dockerfile: stages });
  const image = `clusterkit-app/${cluster}-web:r1`;
  const both = [image, `${image}-stage-1`];
  expect(await referencesOf(cluster)).toEqual(both);
  const old = { cluster, app: 'web' };
  expect(await removeOldImages(engine, { ...old, releases: ['r1'] })).toEqual([]);
  expect(await removeOldImages(engine, { ...old, releases: [] })).toEqual(both);
  expect(await referencesOf(cluster)).toEqual([]);
  expect(await danglingImages(cluster)).toEqual([]);
});

test('an image stays while a container was made of it', async () => {
  const cluster = imagesOfTest();
  const id = await build(cluster, { Dockerfile: `FROM ${BASE}\nENV CLUSTER=${cluster}\n` });
  const container = await engine.createContainer({ Image: id, Cmd: ['true'] });
  const none = { cluster, app: 'web', releases: [] };
  try {
    expect(await removeOldImages(engine, none)).toEqual([]);
  } finally {
    await container.remove({ force: true });
  }
  expect(await removeOldImages(engine, none)).toEqual([`clusterkit-app/${cluster}-web:r1`]);
});
