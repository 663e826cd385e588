import { Readable } from 'node:stream';
import Docker from 'dockerode';
import { expect, test } from 'vitest';
import type { Engine } from '../../../../clients/docker/connect.js';
import { pullImage } from '../../../../clients/docker/find-image.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

/** A user without docker's configuration. */
const NO_LOGIN = { DOCKER_CONFIG: '/nowhere/docker' };

/** An engine whose pull answers 200 and then these lines, as engines do. */
const engineThatSays = (...lines: object[]): Engine => {
  const engine = new Docker();
  const text = lines.map((line) => `${JSON.stringify(line)}\n`);
  engine.pull = (async () => Readable.from(text)) as never;
  return engine;
};

test('a pull that comes to its end', async () => {
  const engine = engineThatSays({ status: 'Pulling' }, { status: 'Downloaded newer image' });
  await expect(pullImage(engine, { reference: 'one:1', env: NO_LOGIN })).resolves.toBeUndefined();
});

test('a pull that fails after it has begun is a failure, in the engine’s words', async () => {
  const error = 'error pulling image configuration: download failed after attempts=6';
  const engine = engineThatSays({ status: 'Pulling' }, { errorDetail: { message: error }, error });
  expect(
    await kitErrorOf(() => pullImage(engine, { reference: 'one:1', env: NO_LOGIN })),
  ).toMatchObject({
    code: 'image-missing',
    exitCode: 3,
    problems: [{ path: 'one:1', message: expect.stringContaining(error) }],
  });
});
