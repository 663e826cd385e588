import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { type OriginServer, startOrigin } from './origin-server.js';
import { gatewayForTest, startTestGateway } from './test-gateway.js';

async function originForTest(listener: Parameters<typeof startOrigin>[0]): Promise<OriginServer> {
  const origin = await startOrigin(listener);
  onTestFinished(() => origin.close());
  return origin;
}

async function bodyOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Sends bytes as they are; what comes back until the other side closes. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

test('10,000 requests from 200 connections: none lost, none doubled, few connections', async () => {
  const seen = new Map<string, number>();
  const origin = await originForTest(async (request, response) => {
    const body = (await bodyOf(request)).toString();
    seen.set(body, (seen.get(body) ?? 0) + 1);
    response.end(`echo ${body}`);
  });
  const gateway = await gatewayForTest(origin.url);
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  onTestFinished(() => agent.destroy());
  const one = (id: string) =>
    new Promise<string>((resolve, reject) => {
      const asking = httpRequest(
        `${gateway.url}/demo/dev`,
        { method: 'POST', agent },
        (answer: IncomingMessage) => bodyOf(answer).then((body) => resolve(String(body)), reject),
      );
      asking.on('error', reject);
      asking.end(id);
    });
  const ids = Array.from({ length: 10_000 }, (_, index) => `request-${index}`);
  const answers: string[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < ids.length; index = next++) {
      answers[index] = await one(ids[index] ?? '');
    }
  };
  await Promise.all(Array.from({ length: 200 }, worker));
  expect(answers).toEqual(ids.map((id) => `echo ${id}`));
  expect([seen.size, Math.max(...seen.values())]).toEqual([10_000, 1]);
  expect(origin.connections()).toBeLessThanOrEqual(256);
});

test('headers, status, query and method go through; the hop stays out; the delay is told', async () => {
  const origin = await originForTest((request, response) => {
    response.writeHead(418, 'I am tea', ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Up', 'é']);
    response.end(JSON.stringify({ ...request.headers, method: request.method, url: request.url }));
  });
  const gateway = await gatewayForTest(origin.url);
  const response = await fetch(`${gateway.url}/demo/dev?token=abc`, {
    method: 'PUT',
    headers: { authorization: 'Bearer service', 'x-forwarded-for': '10.0.0.1' },
  });
  expect([response.status, response.statusText]).toEqual([418, 'I am tea']);
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(response.headers.get('x-up')).toBe('é');
  expect(response.headers.get('throttled-by')).toBe('0');
  expect(await response.json()).toMatchObject({
    method: 'PUT',
    url: '/demo/dev?token=abc',
    authorization: 'Bearer service',
    host: `127.0.0.1:${gateway.port}`,
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
  });
});

test('the access log has a line for each request, without query and tokens', async () => {
  const origin = await originForTest((_, response) => response.end('ok'));
  const gateway = await startTestGateway(origin.url);
  await (await fetch(`${gateway.url}/demo/dev?token=secret`, { method: 'POST' })).text();
  await (await fetch(`${gateway.url}/healthz`)).text();
  await gateway.stop();
  expect(gateway.access()).toEqual([
    {
      time: expect.any(String),
      client: '127.0.0.1',
      method: 'POST',
      path: '/demo/dev',
      status: 200,
      ms: expect.any(Number),
      throttledMs: 0,
    },
    expect.objectContaining({ method: 'GET', path: '/healthz', status: 200 }),
  ]);
});

test('large bodies stream both ways at once', async () => {
  const origin = await originForTest((request, response) => {
    request.pipe(response);
  });
  const gateway = await gatewayForTest(origin.url);
  const block = randomBytes(1 << 20);
  const blocks = 64;
  const sent = createHash('sha256');
  const source = Readable.from(
    (function* () {
      for (let index = 0; index < blocks; index++) {
        sent.update(block);
        yield block;
      }
    })(),
  );
  const received = createHash('sha256');
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    const asking = httpRequest(`${gateway.url}/demo/dev`, { method: 'POST' }, (answer) => {
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length;
        received.update(chunk);
      });
      answer.on('end', resolve);
      answer.on('error', reject);
    });
    asking.on('error', reject);
    source.pipe(asking);
  });
  expect(size).toBe(blocks << 20);
  expect(received.digest('hex')).toBe(sent.digest('hex'));
});

test('a client that takes nothing holds the server back instead of filling the memory', async () => {
  let written = 0;
  const origin = await originForTest(async (_, response) => {
    const block = randomBytes(1 << 20);
    response.on('error', () => {});
    for (let index = 0; index < 256 && !response.destroyed; index++) {
      if (!response.write(block)) {
        await new Promise((resolve) => {
          response.once('drain', resolve);
          response.once('close', resolve);
        });
      }
      written = index;
    }
    response.end();
  });
  const gateway = await gatewayForTest(origin.url);
  const socket = connect(gateway.port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  socket.pause();
  socket.write('POST /demo/dev HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n');
  let before = 0;
  do {
    before = written;
    await sleep(500);
  } while (written === 0 || written !== before);
  expect(written).toBeLessThan(64);
});

test('a client that goes away takes its request with it', async () => {
  const events = new EventEmitter();
  const gone = once(events, 'gone');
  const arrived = once(events, 'arrived');
  const origin = await originForTest((request, response) => {
    events.emit('arrived');
    response.on('close', () => events.emit('gone'));
    request.resume();
  });
  const gateway = await gatewayForTest(origin.url);
  const controller = new AbortController();
  const asked = fetch(`${gateway.url}/demo/dev`, { method: 'POST', signal: controller.signal });
  await arrived;
  controller.abort();
  await expect(asked).rejects.toThrow();
  await gone;
});

test('a client that goes away amid its body leaves no half request that looks whole', async () => {
  const events = new EventEmitter();
  const ended = once(events, 'ended');
  const arrived = once(events, 'arrived');
  const origin = await originForTest((request) => {
    request.once('data', () => events.emit('arrived'));
    request.on('end', () => events.emit('ended', 'whole'));
    request.on('error', () => events.emit('ended', 'broken'));
    request.resume();
  });
  const gateway = await gatewayForTest(origin.url);
  const socket = connect(gateway.port, '127.0.0.1');
  // So much that it is streamed.
  const part = `200000\r\n${'x'.repeat(0x200000)}\r\n`;
  socket.write(`POST /demo/dev HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${part}`);
  await arrived;
  socket.destroy();
  expect(await ended).toEqual(['broken']);
});

test('a server that is not there, breaks off, or is too slow', async () => {
  const origin = await originForTest((request, response) => {
    if (request.url === '/demo/half') {
      response.write('half');
      setTimeout(() => response.destroy(), 50);
    } else if (request.url === '/demo/reset') request.socket.destroy();
  });
  const gateway = await gatewayForTest(origin.url, { timeouts: { serverSeconds: 1 } });
  const ask = (path: string, method = 'POST') => fetch(`${gateway.url}${path}`, { method });
  const codeOf = async (response: Response) => {
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
    return [response.status, errors[0]?.extensions.code, response.headers.get('throttled-by')];
  };
  expect(await codeOf(await ask('/demo/reset'))).toEqual([502, 'SERVER_UNREACHABLE', '0']);
  await expect(ask('/demo/half').then((response) => response.text())).rejects.toThrow();
  expect(await codeOf(await ask('/demo/slow'))).toEqual([504, 'SERVER_TIMEOUT', '0']);
  await origin.close();
  expect(await codeOf(await ask('/demo/dev'))).toEqual([502, 'SERVER_UNREACHABLE', '0']);
});

test('requests that two programs could read in two ways are not passed on', async () => {
  let passed = 0;
  const origin = await originForTest((_, response) => {
    passed += 1;
    response.end();
  });
  const gateway = await gatewayForTest(origin.url);
  const head = 'POST /demo/dev HTTP/1.1\r\nhost: x\r\n';
  const statuses = await Promise.all(
    [
      `${head}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${head}content-length: 4\r\ncontent-length: 5\r\n\r\nabcd`,
      `${head}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
      `${head}x: a\r\n b: c\r\nx\r\n\r\n`,
      'POST /demo/dev HTTP/1.1\r\n\r\n',
      `${head}x: ${'a'.repeat(20_000)}\r\n\r\n`,
      'POST /./management HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    ].map(async (text) => (await raw(gateway.port, text)).slice(9, 12)),
  );
  expect(statuses).toEqual(['400', '400', '400', '400', '400', '431', '400']);
  expect(passed).toBe(0);
});

test('clients that send too slowly are not waited for', async () => {
  const origin = await originForTest((request, response) => {
    request.on('end', () => response.end()).resume();
  });
  const gateway = await gatewayForTest(origin.url, {
    timeouts: { headersSeconds: 0.5, idleSeconds: 0.5, keepAliveSeconds: 0.5 },
  });
  const answers = await Promise.all([
    raw(gateway.port, 'POST /demo/dev HTTP/1.1\r\nhost:'),
    raw(gateway.port, 'POST /demo/dev HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nabc'),
    raw(gateway.port, 'POST /demo/dev HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc'),
    raw(gateway.port, ''),
  ]);
  expect(answers.map((answer) => answer.slice(9, 12))).toEqual([
    expect.stringMatching(/^(408)?$/),
    '',
    '200',
    expect.any(String),
  ]);
});

test('who waits for a slow server is not taken for idle', async () => {
  const origin = await originForTest((request, response) => {
    request.resume();
    setTimeout(() => response.end('late'), 1_200);
  });
  const gateway = await gatewayForTest(origin.url, { timeouts: { idleSeconds: 0.4 } });
  const response = await fetch(`${gateway.url}/demo/dev`, { method: 'POST', body: 'x' });
  expect(await response.text()).toBe('late');
});
