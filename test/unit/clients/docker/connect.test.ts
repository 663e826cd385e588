import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { connectEngine } from '../../../../clients/docker/connect.js';
import { unreachable } from '../../../../clients/docker/unreachable.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

const FROM = 'DOCKER_CONTEXT=far';

/** The address of a server that answers like this. */
async function serving(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`, from: FROM };
}

const codeOf = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

test.each([
  ['too old', '{"ApiVersion":"1.40"}', 'engine-too-old', /its API is 1.40, needed is 1.41/],
  ['no engine', '{}', 'engine-unreachable', /what answers is no Docker engine/],
])('%s', async (_, body, code, message) => {
  const address = await serving((__, response) => void response.end(body));
  const error = await kitErrorOf(() => connectEngine(address, {}));
  expect([error.code, error.exitCode, error.problems[0]?.path]).toEqual([code, 3, address.host]);
  expect(error.message).toMatch(message);
  expect(error.message).toContain(`(from ${FROM})`);
});

test('one that accepts and never answers', async () => {
  const error = await kitErrorOf(async () => connectEngine(await serving(() => {}), {}, 100));
  expect(error.message).toContain('no answer within 100 ms');
});

test('a full disk of the engine is called that, and keeps its status', async () => {
  const full = '{"message":"write /x: no space left on device"}';
  const address = await serving(({ url }, response) => {
    if (url !== '/version') response.writeHead(500);
    response.end(url === '/version' ? '{"ApiVersion":"1.47"}' : full);
  });
  const engine = await connectEngine(address, {});
  const error = await kitErrorOf(() => engine.createNetwork({ Name: 'x' }));
  expect(error).toMatchObject({ code: 'disk-full', exitCode: 3, statusCode: 500 });
  expect(error.message).toContain('disk of the Docker engine');
});

test('a refusal in the middle of a command names the engine, and keeps its status', async () => {
  const address = await serving(({ url }, response) => {
    if (url !== '/version') response.writeHead(403);
    response.end(url === '/version' ? '{"ApiVersion":"1.47"}' : '{"message":"not for you"}');
  });
  const engine = await connectEngine(address, {});
  const error = await kitErrorOf(() => engine.createNetwork({ Name: 'x' }));
  expect(error).toMatchObject({ code: 'engine-refused', statusCode: 403 });
  expect(error.message).toContain(`${address.host}: the Docker engine (from ${FROM}) refuses`);
  expect(error.message).toContain('not for you');
});

test.each([
  ['EACCES', 'engine-forbidden', 'this user may not use the socket'],
  ['ENOENT', 'engine-unreachable', 'there is no such socket'],
  ['ECONNREFUSED', 'engine-unreachable', 'nothing listens on this socket'],
  ['EINVAL', 'engine-unreachable', 'longer than a socket allows'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'engine-tls-failed', 'TLS fails'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'engine-tls-failed', 'TLS fails'],
])('%s has a reason of its own', async (code, kit, reason) => {
  const error = await unreachable({ host: 'unix:///nowhere/x.sock', from: FROM }, codeOf(code));
  expect([error.code, error.exitCode]).toEqual([kit, 3]);
  expect(error.message).toContain(reason);
  expect(error.message.includes('Start')).toBe(kit === 'engine-unreachable');
});

test('a broken DOCKER_HOST of the process does not reach the client', async () => {
  const address = await serving((_, response) => void response.end('{"ApiVersion":"1.47"}'));
  const before = process.env.DOCKER_HOST;
  process.env.DOCKER_HOST = 'http://[';
  try {
    await connectEngine(address, {});
    expect(process.env.DOCKER_HOST).toBe('http://[');
  } finally {
    if (before === undefined) delete process.env.DOCKER_HOST;
    else process.env.DOCKER_HOST = before;
  }
});
