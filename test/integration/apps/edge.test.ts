import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { applyEdge } from '../../../apps/edge/apply-edge.js';
import { askInstance } from '../../../apps/edge/ask-instance.js';
import { servedDigest } from '../../../apps/edge/ask-master.js';
import { awaitDrained } from '../../../apps/edge/await-drained.js';
import { findEdges } from '../../../apps/edge/find-edges.js';
import { removeEdges } from '../../../apps/edge/remove-edges.js';
import { configurationDigest, renderHaproxy } from '../../../apps/edge/render-haproxy.js';
import { EDGE_HTTP_PORT } from '../../../cluster/names.js';
import { engine } from '../../support/engine-traces.js';
import { freePort } from '../../support/free-port.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { type InstanceEcho, routeOf, TestEdge } from '../../support/test-edge.js';

const ask = async (port: number, path: string, headers: Record<string, string> = {}) => {
  const {
    statusCode,
    headers: got,
    body,
  } = await request(`http://127.0.0.1:${port}${path}`, { headers });
  return { status: statusCode, type: got['content-type'], text: await body.text() };
};
const echo = async (port: number, path: string, headers?: Record<string, string>) =>
  JSON.parse((await ask(port, path, headers)).text) as InstanceEcho;

describe('the edge', () => {
  test('routes a port and host names; what clients say of themselves is replaced', async () => {
    const port = await freePort();
    const edge = await TestEdge.create([port]);
    const one = await edge.instance('r1');
    const route = routeOf([one], { ports: [port], domains: ['web.example.com'] });
    expect(await applyEdge(engine, edge.cluster, renderHaproxy([route]))).toBe('applied');
    expect(await applyEdge(engine, edge.cluster, renderHaproxy([route]))).toBe('already so');
    await expect.poll(async () => (await ask(port, '/')).status).toBe(200);

    const forged = {
      'x-forwarded-for': '192.0.2.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'other',
      forwarded: 'for=192.0.2.1',
      'x-real-ip': '192.0.2.1',
      'x-clusterkit-function': 'f',
    };
    const { headers, url } = await echo(port, '/path?token=1', { ...forged, host: 'mine.example' });
    expect(url).toBe('/path?token=1');
    expect(headers).toMatchObject({
      host: 'mine.example',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'mine.example',
    });
    expect(headers['x-forwarded-for']).toMatch(/^(127\.0\.0\.1|172\.|192\.168\.|10\.)/);
    expect(Object.keys(headers)).not.toContain('forwarded');
    expect(Object.keys(headers)).not.toContain('x-real-ip');
    expect(Object.keys(headers)).not.toContain('x-clusterkit-function');

    const inside = (host: string) =>
      askInstance(engine, edge.cluster, { name: 'edge', port: EDGE_HTTP_PORT, path: '/x', host });
    expect(await inside('WEB.example.com:443')).toMatchObject({ status: 200 });
    expect(await inside('other.example.com')).toEqual({
      status: 404,
      text: 'No application has this host name.',
    });
    const log = String(
      await engine
        .getContainer((await findEdges(engine, edge.cluster))[0]?.container.id ?? '')
        .logs({ stdout: true, stderr: true }),
    );
    expect(log).toContain('GET /path 200');
    expect(log).not.toContain('token=1');
  });

  test('says in words that nothing is healthy, and follows an instance that comes back elsewhere', async () => {
    const port = await freePort();
    const edge = await TestEdge.create([port]);
    const one = await edge.instance('r1');
    await applyEdge(engine, edge.cluster, renderHaproxy([routeOf([one], { ports: [port] })]));
    await expect.poll(async () => (await ask(port, '/')).status).toBe(200);
    await one.container.stop({ t: 1 });
    await expect.poll(async () => (await ask(port, '/')).status, { timeout: 20_000 }).toBe(503);
    expect(await ask(port, '/')).toEqual({
      status: 503,
      type: 'text/plain; charset=utf-8',
      text: 'No instance of the application is healthy. Try again soon.',
    });
    // Until the name is denied, too: its check alone would pass at the next one with its address.
    await sleep(4000);
    // Takes the address that the instance had.
    await edge.instance('r2');
    await one.container.start();
    await expect.poll(async () => (await ask(port, '/')).status, { timeout: 20_000 }).toBe(200);
    expect((await echo(port, '/')).version).toBe('r1');
  });

  test('an invalid configuration changes nothing', async () => {
    const port = await freePort();
    const edge = await TestEdge.create([port]);
    const [{ container } = { container: undefined }] = await findEdges(engine, edge.cluster);
    if (container === undefined) throw new Error('no edge');
    const error = await kitErrorOf(() =>
      applyEdge(engine, edge.cluster, `${renderHaproxy([])}\nfrontend broken\n  nonsense\n`),
    );
    expect(error).toMatchObject({ code: 'edge-not-applied', exitCode: 3 });
    expect(error.problems[0]?.message).toContain('nonsense');
    const before = configurationDigest(renderHaproxy([]));
    expect(await servedDigest(container)).toBe(before);
    await container.restart({ t: 1 });
    await expect.poll(() => servedDigest(container).catch(() => undefined)).toBe(before);
  });

  test('serves the same after a restart, and goes on where an application was interrupted', async () => {
    const port = await freePort();
    const edge = await TestEdge.create([port]);
    const one = await edge.instance('r1');
    const configuration = renderHaproxy([routeOf([one], { ports: [port] })]);
    await applyEdge(engine, edge.cluster, configuration);
    const [found] = await findEdges(engine, edge.cluster);
    await found?.container.restart({ t: 1 });
    await expect
      .poll(async () => (await ask(port, '/').catch(() => ({ status: 0 }))).status)
      .toBe(200);
    expect(await applyEdge(engine, edge.cluster, configuration)).toBe('already so');
  });

  test('asks an instance from inside, and says why there is no answer', async () => {
    const edge = await TestEdge.create([]);
    const { name } = await edge.instance('r1');
    const at = (path: string, port = 3000, host = name) =>
      askInstance(engine, edge.cluster, { name: host, port, path }, 3000);
    await expect.poll(async () => (await at('/')).status).toBe(200);
    expect(await at('/unhealthy')).toMatchObject({ status: 500 });
    expect(await at('/', 3001)).toEqual({ status: undefined, problem: 'Connection refused' });
    expect(await at('/', 3000, 'nobody')).toEqual({
      status: undefined,
      problem: expect.stringMatching(/not known|Temporary failure|No address/),
    });
    expect(await at('/?ms=6000')).toEqual({ status: undefined, problem: 'no answer within 3 s' });
  });

  test('a port that another program has is an error, and leaves no container', async () => {
    const [port, taken] = [await freePort(), await freePort()];
    const edge = await TestEdge.create([port]);
    const server = createServer().listen(taken, '127.0.0.1');
    onTestFinished(() => void server.close());
    await sleep(100);
    const error = await kitErrorOf(() => edge.publish([port, taken]));
    expect(error).toMatchObject({ code: 'port-taken', exitCode: 3 });
    expect(error.problems[0]?.message).toMatch(
      new RegExp(`^port ${taken} is taken by process ${process.pid} `),
    );
    expect((await findEdges(engine, edge.cluster)).map(({ ports }) => ports)).toEqual([[port]]);
    await new Promise((resolve) => server.close(resolve));
    expect(await edge.publish([port, taken])).toMatchObject({
      [edge.objects.nameOf('edge')]: 'already so',
      [edge.objects.nameOf('edge-2')]: 'created',
    });
    expect(await edge.publish([port])).toMatchObject({
      [edge.objects.nameOf('edge-2')]: 'removed',
    });
    await removeEdges(engine, edge.cluster);
    expect(await findEdges(engine, edge.cluster)).toEqual([]);
  });

  test('old workers are awaited until their requests are answered', async () => {
    const port = await freePort();
    const edge = await TestEdge.create([port]);
    const [one, two] = [await edge.instance('r1'), await edge.instance('r2')];
    const apply = (each: typeof one) =>
      applyEdge(engine, edge.cluster, renderHaproxy([routeOf([each], { ports: [port] })]));
    await apply(one);
    await expect.poll(async () => (await ask(port, '/')).status).toBe(200);
    const slow = echo(port, '/?ms=4000', { connection: 'close' });
    await sleep(500);
    await apply(two);
    expect(await awaitDrained(engine, edge.cluster, 500)).toBe(false);
    // The kept connection of the client before is answered by the old one, and closed then.
    expect((await echo(port, '/')).version).toBe('r1');
    expect((await echo(port, '/')).version).toBe('r2');
    expect((await slow).version).toBe('r1');
    expect(await awaitDrained(engine, edge.cluster, 20_000)).toBe(true);
  });
});
