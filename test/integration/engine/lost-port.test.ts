import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { findClusterObjects } from '../../../cluster/objects/cluster-objects.js';
import { findLostPort, mendLostPort } from '../../../targets/docker/lost-port.js';
import { engine } from '../../support/engine-traces.js';
import { freePort } from '../../support/free-port.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { TestObjects } from '../../support/test-containers.js';

test('a published port whose forwarder has ended is found, and mended by a restart', async () => {
  const objects = new TestObjects();
  const port = await freePort();
  const server = await objects.container('server', {
    Entrypoint: ['sleep', '60'],
    ExposedPorts: { '80/tcp': {} },
    HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: `${port}` }] } },
    StopTimeout: 0,
  });
  await server.start();
  const settings = { name: objects.name, port, address: '127.0.0.1' };
  const find = async () =>
    findLostPort(settings, engine, await findClusterObjects(engine, objects.name));
  expect(await find()).toBeUndefined();

  const proxy = spawnSync('pgrep', ['-f', `docker-proxy.*-host-port ${port} `], {
    encoding: 'utf8',
  });
  const pid = Number(proxy.stdout.trim().split('\n')[0]);
  process.kill(pid, 'SIGKILL');
  await expect.poll(find).toEqual({ container: server.id, role: 'server' });

  const other = createServer();
  onTestFinished(() => void other.close());
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  const taken = await find();
  expect(taken?.takenBy).toMatch(new RegExp(`^process ${process.pid} \\(`));
  const error = await kitErrorOf(async () => taken && mendLostPort(settings, engine, taken));
  expect(error).toMatchObject({ code: 'port-taken', exitCode: 3 });
  await new Promise((resolve) => other.close(resolve));

  const lost = await find();
  expect(lost?.takenBy).toBeUndefined();
  if (lost) await mendLostPort(settings, engine, lost);
  expect(await find()).toBeUndefined();
});
