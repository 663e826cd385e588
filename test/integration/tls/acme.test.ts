import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type PeerCertificate } from 'node:tls';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { logTail } from '../../../clients/docker/container-log.js';
import { runInContainer } from '../../../clients/docker/run-in-container.js';
import { BUNDLED_GATEWAY, BUNDLED_PROXY } from '../../../cluster/bundled-images.js';
import { fillVolume } from '../../../cluster/configuration/fill-volume.js';
import { renderCaddyfile } from '../../../cluster/configuration/render-caddyfile.js';
import { describeContainers } from '../../../cluster/containers/describe-containers.js';
import { engineOptions } from '../../../cluster/containers/engine-options.js';
import { memoryPlan } from '../../../cluster/containers/memory-plan.js';
import { networkAndVolumes } from '../../../cluster/containers/network-and-volumes.js';
import { CONFIG_FILES, EDGE_HTTP_PORT, objectName } from '../../../cluster/names.js';
import { Secret } from '../../../lib/secret.js';
import { engine, removeTraces } from '../../support/engine-traces.js';
import { type Pebble, startPebble } from '../../support/pebble.js';
import { eventually } from '../../support/service.js';

const DOMAIN = 'api.ck-test.example';
/** Of applications: one for everybody, one for others than this machine. */
const SITE = 'app.ck-test.example';
const CLOSED_SITE = 'admin.ck-test.example';
const VALIDITY_SECONDS = 45;
const cluster = `ck-test-${Math.random().toString(16).slice(2, 10)}`;
const project = '/nowhere/.clusterkit';
const network = objectName(cluster, 'network');
const labels = (role: string) => ({
  'dev.clusterkit.cluster': cluster,
  'dev.clusterkit.project': project,
  'dev.clusterkit.role': role,
});

/** Plays the gateway: tells the headers that came, streams slowly, and greets WebSockets. */
const ORIGIN = `
const { createHash } = require('node:crypto');
const server = require('node:http').createServer((request, response) => {
  if (request.url !== '/slow') return response.end(JSON.stringify(request.headers));
  response.write('first');
  setTimeout(() => response.end('last'), 1500);
});
server.on('upgrade', ({ headers }, socket) => {
  const key = headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
  const accept = createHash('sha1').update(key).digest('base64');
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: ' + accept + '\\r\\n\\r\\n');
  setTimeout(() => socket.write(Buffer.from([0x81, 5, ...Buffer.from('hello')])), 300);
});
server.listen(4466);
`;

/** The proxy of a cluster, as an install makes it. */
function proxyOptions() {
  const containers = describeContainers({
    ...{ cluster, project, connector: 'postgres', isRelayed: false, certificates: true },
    images: { server: '', database: '', gateway: '', proxy: BUNDLED_PROXY },
    start: { runtime: 'node', environment: {} },
    publish: { ip: '127.0.0.1', port: 0 },
    memory: memoryPlan(2048),
  });
  const proxy = containers.find(({ role }) => role === 'proxy');
  if (proxy === undefined) throw new Error('there is no proxy');
  return engineOptions(proxy, '');
}

describe('a proxy with the certificate of an authority', () => {
  let pebble: Pebble;
  let proxy: Docker.Container;
  let origin: Docker.Container;
  let address: string;
  let gatewayAddress: string;

  beforeAll(async () => {
    const needed = networkAndVolumes({ cluster, project, isRelayed: false, certificates: true });
    await engine.createNetwork(needed.network);
    for (const volume of needed.volumes) await engine.createVolume(volume);
    pebble = await startPebble({
      ...{ name: objectName(cluster, 'database'), labels: labels('database'), network },
      validitySeconds: VALIDITY_SECONDS,
    });
    origin = await engine.createContainer({
      ...{ name: objectName(cluster, 'gateway'), Image: BUNDLED_GATEWAY },
      ...{ Labels: labels('gateway'), Entrypoint: ['node', '-e', ORIGIN] },
      HostConfig: { Init: true, NetworkMode: network },
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: ['gateway'] } } },
    });
    await origin.start();
    const caddyfile = renderCaddyfile({
      tls: {
        ...{ kind: 'acme', domain: DOMAIN, email: 'ops@ck-test.example' },
        ...{ directory: pebble.directory, hasOwnRoot: true },
      },
      port: 8443,
      upstream: 'http://gateway:4466',
      sites: [{ domains: [SITE] }, { domains: [CLOSED_SITE], sources: ['203.0.113.0/24'] }],
    });
    const volume = { cluster, project, volume: objectName(cluster, 'config') };
    await fillVolume(
      engine,
      { ...volume, image: BUNDLED_PROXY },
      {
        [CONFIG_FILES.proxy]: new Secret(caddyfile),
        [CONFIG_FILES.acmeRoot]: new Secret(pebble.ownCertificate),
      },
    );
    await startProxy();
  });
  afterAll(() => removeTraces(cluster));

  async function startProxy() {
    const options = proxyOptions();
    proxy = await engine.createContainer({
      ...options,
      HostConfig: { ...options.HostConfig, PortBindings: {} },
      NetworkingConfig: {
        EndpointsConfig: { [network]: { Aliases: [DOMAIN, SITE, CLOSED_SITE] } },
      },
    });
    await proxy.start();
    const { NetworkSettings } = await proxy.inspect();
    address = NetworkSettings.Networks[network]?.IPAddress ?? '';
    gatewayAddress = NetworkSettings.Networks[network]?.Gateway ?? '';
  }

  const ask = async (path: string, headers: Record<string, string> = {}, domain = DOMAIN) => {
    const call = request({
      ...{ host: address, servername: domain, path, ca: pebble.root, agent: false },
      headers: { host: `${domain}:8443`, ...headers },
    });
    call.end();
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    return response;
  };

  const shown = () =>
    new Promise<PeerCertificate>((resolve, reject) => {
      const socket = connect({ host: address, port: 443, servername: DOMAIN, ca: pebble.root });
      socket.setTimeout(3000, () => socket.destroy(new Error('silent')));
      socket.once('error', reject);
      socket.once('secureConnect', () => {
        resolve(socket.getPeerCertificate());
        socket.destroy();
      });
    });

  test('gets its certificate, and is healthy', async () => {
    const certificate = await eventually(shown);
    expect(certificate.subjectaltname).toBe(`DNS:${DOMAIN}`);
    const health = await runInContainer(proxy, ['ask.sh', '2020', '/healthz']);
    expect(health.exitCode, health.output).toBe(0);
    const check = await runInContainer(proxy, [
      ...['caddy', 'validate', '--config', '/run/clusterkit/Caddyfile', '--adapter', 'caddyfile'],
    ]);
    expect(check.output).toContain('Valid configuration');
  });

  test('http is sent on to https, with its path and method', async () => {
    const call = httpRequest({
      ...{ host: address, path: '/blog/dev?a=1', method: 'POST', agent: false },
      headers: { host: DOMAIN },
    });
    call.end();
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(308);
    expect(response.headers.location).toBe(`https://${DOMAIN}:8443/blog/dev?a=1`);
  });

  test('the gateway is told where clients come from, whatever they claim', async () => {
    const lies = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'http' };
    const seen = JSON.parse(await text(await ask('/', lies)));
    expect(seen).toMatchObject({
      'x-forwarded-for': gatewayAddress,
      'x-forwarded-proto': 'https',
      host: `${DOMAIN}:8443`,
    });
    expect(seen).not.toHaveProperty('accept-encoding');
    const strict = await ask('/');
    strict.resume();
    expect(strict.headers).not.toHaveProperty('strict-transport-security');
  });

  test('an application is found by its name, also by a proxy that was there before the edge', async () => {
    const before = await eventually(() => ask('/', {}, SITE));
    before.resume();
    expect(before.statusCode).toBe(502);
    const edge = await engine.createContainer({
      ...{ name: objectName(cluster, 'edge'), Image: BUNDLED_GATEWAY, Labels: labels('edge') },
      Entrypoint: ['node', '-e', ORIGIN.replace('4466', String(EDGE_HTTP_PORT))],
      HostConfig: { Init: true, NetworkMode: network },
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: ['edge'] } } },
    });
    await edge.start();
    const seen = await eventually(async () => {
      const response = await ask('/', { 'x-forwarded-for': '203.0.113.9' }, SITE);
      if (response.statusCode === 200) return JSON.parse(await text(response));
      response.resume();
      throw new Error(`${response.statusCode}`);
    });
    expect(seen).toMatchObject({
      host: `${SITE}:8443`,
      'x-forwarded-for': gatewayAddress,
      'x-forwarded-proto': 'https',
    });
  });

  test('an application with sources is closed to others, whatever they claim', async () => {
    const claim = { 'x-forwarded-for': '203.0.113.9' };
    const response = await eventually(() => ask('/', claim, CLOSED_SITE));
    response.resume();
    expect(response.statusCode).toBe(403);
  });

  test.each([
    [SITE, `https://${SITE}:8443/a?b=1`],
    [CLOSED_SITE, `https://${CLOSED_SITE}:8443/a?b=1`],
    ['other.example', `https://${DOMAIN}:8443/a?b=1`],
  ])('http to %s is sent on to the same name, and no other than ours', async (host, location) => {
    const call = httpRequest({ host: address, path: '/a?b=1', agent: false, headers: { host } });
    call.end();
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    response.resume();
    expect([response.statusCode, response.headers.location]).toEqual([308, location]);
  });

  test('streams come as they are sent, and WebSockets pass', async () => {
    const response = await ask('/slow');
    const [first] = (await once(response, 'data')) as [Buffer];
    expect(String(first)).toBe('first');
    const firstAt = performance.now();
    expect(await text(response)).toBe('last');
    expect(performance.now() - firstAt).toBeGreaterThan(500);
    const socket = new WebSocket(`wss://${DOMAIN}`, {
      ...{ ca: pebble.root, servername: DOMAIN },
      lookup: (_name, _options, done) => done(null, [{ address, family: 4 }]),
    });
    const [message] = (await once(socket, 'message')) as [Buffer];
    socket.terminate();
    expect(String(message)).toBe('hello');
  });

  test('no token comes into the log, also when the gateway is gone', async () => {
    await origin.stop({ t: 0 });
    const response = await ask('/blog/dev?token=needle-in-address', {
      authorization: 'Bearer needle-in-header',
    });
    response.resume();
    expect(response.statusCode).toBe(502);
    const log = await eventually(async () => {
      const tail = await logTail(proxy, 1000);
      if (!tail.includes('502')) throw new Error('not logged yet');
      return tail;
    });
    expect(log).not.toContain('needle');
    await origin.start();
  });

  test('another container has the certificate of the one before, and renews it in time', async () => {
    const before = await shown();
    await proxy.remove({ force: true, v: true });
    await startProxy();
    expect((await eventually(shown)).serialNumber).toBe(before.serialNumber);
    const renewalMs = Date.parse(before.valid_from) + (VALIDITY_SECONDS * 1000 * 2) / 3;
    await sleep(Math.max(0, renewalMs - Date.now()) + 2000);
    await proxy.restart({ t: 1 });
    const renewed = await eventually(async () => {
      const now = await shown();
      if (now.serialNumber === before.serialNumber) throw new Error('not renewed yet');
      return now;
    });
    expect(Date.parse(renewed.valid_to)).toBeGreaterThan(Date.parse(before.valid_to));
  });
});
