import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  askEngine,
  getFromEngine,
  type SetupEngine,
  setupEngine,
} from '../../../setup/engine-get.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const engine: RequestListener = (request, response) => {
  const known: Record<string, string> = { '/version': '{"Version":"99.1","ApiVersion":"1.99"}' };
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

const places: Record<string, () => Promise<SetupEngine>> = {
  'a local socket': async () => {
    const socket = join(await temporaryDirectory(), 'engine.sock');
    await listen(socket);
    const engine = setupEngine({ DOCKER_HOST: `unix://${socket}` });
    return { ...engine, client: () => Promise.reject(new Error('the client was loaded')) };
  },
  'another address': async () => {
    const { port } = (await listen(0)).address() as AddressInfo;
    return setupEngine({ DOCKER_HOST: `tcp://127.0.0.1:${port}` });
  },
};

describe.each(Object.entries(places))('an engine at %s', (_, open) => {
  it('answers, has not, refuses, or is late', async () => {
    const found = await open();
    const get = (path: string, timeoutMs = 5000) => getFromEngine(path, found, timeoutMs);
    expect(await get('/version')).toMatchObject({ Version: '99.1' });
    expect(await get('/images/x/json')).toBeUndefined();
    await expect(get('/broken')).rejects.toThrow('out of order');
    await expect(get('/silent', 100)).rejects.toThrow('no answer within 100 ms');
  });

  it('tells its version', async () => {
    expect(await askEngine(await open(), 5000)).toBe('99.1');
  });
});

it('says which engine does not answer, and why', async () => {
  const host = `unix://${join(await temporaryDirectory(), 'none.sock')}`;
  const error = await kitErrorOf(() => askEngine(setupEngine({ DOCKER_HOST: host }), 1000));
  expect(error.problems).toEqual([
    {
      path: host,
      message: 'no Docker engine answers (from DOCKER_HOST): there is no such socket',
      hint: "Start that engine, or unset DOCKER_HOST to use docker's current context.",
    },
  ]);
});
