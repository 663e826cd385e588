import { createServer, type Server } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findImage, pullImage, requirePullable } from '../../../clients/docker/find-image.js';
import { portConflict } from '../../../cluster/objects/port-conflict.js';
import { engine } from '../../support/engine-traces.js';
import { freePort } from '../../support/free-port.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { IMAGES } from '../../support/test-cluster.js';
import { TestObjects } from '../../support/test-containers.js';

const publish = (port: number) => ({
  PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
});

describe('portConflict', () => {
  test('passes a free port', async () => {
    await portConflict(engine, { name: 'one', port: await freePort() });
  });

  test('passes the port that the cluster’s own server has', async () => {
    const objects = new TestObjects();
    const port = await freePort();
    const server = await objects.container('server', {
      Entrypoint: ['sleep', '60'],
      ExposedPorts: { '80/tcp': {} },
      HostConfig: publish(port),
    });
    await server.start();
    await portConflict(engine, { name: objects.name, port });
  });

  test('passes the port that the cluster’s own server takes while it starts, and again and again', async () => {
    const objects = new TestObjects();
    const port = await freePort();
    const server = await objects.container('server', {
      Entrypoint: ['false'],
      ExposedPorts: { '80/tcp': {} },
      HostConfig: { ...publish(port), RestartPolicy: { Name: 'always' } },
    });
    const started = server.start();
    for (let i = 0; i < 40; i++) await portConflict(engine, { name: objects.name, port });
    await started;
  });

  test('fails at a port that a process took while the cluster’s own server was stopped', async () => {
    const objects = new TestObjects();
    const port = await freePort();
    await objects.container('server', {
      Entrypoint: ['false'],
      ExposedPorts: { '80/tcp': {} },
      HostConfig: publish(port),
    });
    await listening('127.0.0.1', port);
    const error = await kitErrorOf(() => portConflict(engine, { name: objects.name, port }));
    expect(error.problems[0]?.message).toContain(`taken by process ${process.pid} `);
  });

  test('fails at a port of another container, and names it', async () => {
    const objects = new TestObjects();
    const port = await freePort();
    const other = await objects.container('server', {
      Entrypoint: ['sleep', '60'],
      ExposedPorts: { '80/tcp': {} },
      HostConfig: publish(port),
    });
    await other.start();
    const error = await kitErrorOf(() => portConflict(engine, { name: 'one', port }));
    expect(error).toMatchObject({
      code: 'port-taken',
      exitCode: 3,
      problems: [
        {
          path: 'clusters.one.port',
          message: `port ${port} is taken by container ${objects.nameOf('server')}`,
          hint: 'Stop it, or change clusters.one.port.',
        },
      ],
    });
  });

  test.each(['127.0.0.1', '0.0.0.0', '::', '::1'])(
    'fails at a port that a process has on %s, and names it',
    async (host) => {
      const port = await freePort();
      const server = await listening(host, port);
      if (server === undefined) return;
      const error = await kitErrorOf(() => portConflict(engine, { name: 'one', port }));
      expect(error.problems[0]?.message).toMatch(
        new RegExp(`^port ${port} is taken by process ${process.pid} \\(.+\\)$`),
      );
    },
  );
});

/** `undefined` where the machine has no such address. */
function listening(host: string, port: number): Promise<Server | undefined> {
  const server = createServer();
  onTestFinished(() => void server.close());
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(port, host, () => resolve(server));
  });
}

describe('images', () => {
  test('findImage gives the id of what the engine has', async () => {
    expect(await findImage(engine, IMAGES.database)).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await findImage(engine, 'clusterkit/none:1')).toBeUndefined();
  });

  test('requirePullable refuses bundled images, which no registry has', async () => {
    requirePullable(['prismagraphql/prisma:1.8']);
    const error = await kitErrorOf(() => requirePullable(['postgres:10', 'clusterkit/none:1']));
    expect(error).toMatchObject({
      code: 'image-missing',
      exitCode: 3,
      problems: [{ path: 'clusterkit/none:1', hint: expect.stringContaining('scripts/setup') }],
    });
  });

  test('pullImage fails where no registry answers, with its words', async () => {
    const reference = 'localhost:1/nobody/nothing:1';
    const error = await kitErrorOf(() => pullImage(engine, { reference, env: {} }));
    expect(error).toMatchObject({
      code: 'image-missing',
      exitCode: 3,
      problems: [{ path: reference, message: expect.stringContaining('localhost:1') }],
    });
  });
});
