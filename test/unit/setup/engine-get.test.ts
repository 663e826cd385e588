import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Docker from 'dockerode';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askEngine, getFromEngine } from '../../../setup/engine-get.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const engine: RequestListener = (request, response) => {
  const known: Record<string, string> = { '/version': '{"Version":"99.1"}' };
  const body = known[request.url ?? ''];
  if (request.url === '/broken') response.writeHead(500).end('{"message":"out of order"}');
  else if (request.url === '/silent') return;
  else
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(body ?? '{}');
};

async function listen(at: string | number) {
  const server = createServer(engine);
  server.listen(typeof at === 'number' ? { host: '127.0.0.1', port: at } : { path: at });
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

const places = {
  'a local socket': async () => {
    const socket = join(await temporaryDirectory(), 'engine.sock');
    await listen(socket);
    const loadDocker = () => Promise.reject(new Error('the client was loaded'));
    return { env: { DOCKER_HOST: `unix://${socket}` }, loadDocker };
  },
  'another address': async () => {
    const { port } = (await listen(0)).address() as AddressInfo;
    const loadDocker = async () => new Docker({ host: '127.0.0.1', port, protocol: 'http' });
    return { env: { DOCKER_HOST: `tcp://127.0.0.1:${port}` }, loadDocker };
  },
};

describe.each(Object.entries(places))('an engine at %s', (_, open) => {
  it('answers, has not, refuses, or is late', async () => {
    const { env, loadDocker } = await open();
    const get = (path: string, timeoutMs = 5000) => getFromEngine(path, env, loadDocker, timeoutMs);
    expect(await get('/version')).toEqual({ Version: '99.1' });
    expect(await get('/images/x/json')).toBeUndefined();
    await expect(get('/broken')).rejects.toThrow('out of order');
    await expect(get('/silent', 100)).rejects.toThrow('no answer within 100 ms');
  });

  it('tells its version and address', async () => {
    const { env, loadDocker } = await open();
    expect(await askEngine(env, loadDocker, 5000)).toMatchObject({
      address: env.DOCKER_HOST,
      version: '99.1',
    });
  });
});

it('says why no engine answers', async () => {
  const socket = join(await temporaryDirectory(), 'none.sock');
  const answer = await askEngine({ DOCKER_HOST: `unix://${socket}` }, () => Promise.reject(), 1000);
  expect(answer).toEqual({
    address: `unix://${socket}`,
    version: undefined,
    failure: expect.stringContaining('ENOENT'),
  });
});
