import { randomBytes } from 'node:crypto';
import Docker from 'dockerode';
import { execa, execaSync } from 'execa';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { BUNDLED_GATEWAY } from '../../../cluster/bundled-images.js';
import { freePort } from '../../support/free-port.js';
import { publicKey } from './test-gateway.js';

// A container whose port is published on all addresses, as on a droplet, and a machine outside: a
// network namespace with a cable to this one. Both take the rights of root.
const canLayCables =
  process.getuid?.() === 0 && execaSync('ip', ['netns', 'list'], { reject: false }).exitCode === 0;
const engine = new Docker();
const run = randomBytes(3).toString('hex');
const name = `ck-test-gateway-${run}`;
const [HERE, OUTSIDE] = ['198.51.100.1', '198.51.100.2'];
const ECHO = `require('http').createServer((q, r) => r.end(q.headers['x-forwarded-for'])).listen(4466)`;

let port: number;

const ip = (...argv: string[]) => execa('ip', argv);
const inside = (...argv: string[]) => ip('netns', 'exec', name, ...argv);

async function container(role: string, Cmd: string[], more: object = {}) {
  const made = await engine.createContainer({
    ...{ name: `${name}-${role}`, Image: BUNDLED_GATEWAY, Cmd, Healthcheck: { Test: ['NONE'] } },
    HostConfig: { NetworkMode: name, ...more },
    NetworkingConfig: { EndpointsConfig: { [name]: { Aliases: [role] } } },
  });
  await made.start();
}

/** Status and body of an answer; `outside` asks from there. */
async function ask(host: string, path: string, outside = false) {
  const argv = ['curl', '-sS', '-m', '10', '-X', 'POST', '-H', 'x-forwarded-for: 203.0.113.9'];
  const url = `http://${host}:${port}${path}`;
  const whole = [...argv, '-d', '{}', '-w', ' %{http_code}', url];
  const { stdout } = await (outside ? inside(...whole) : execa('curl', whole.slice(1)));
  return [stdout.slice(-3), stdout.slice(0, -4)] as const;
}

beforeAll(async () => {
  if (!canLayCables) return;
  port = await freePort();
  await engine.createNetwork({ Name: name });
  await container('origin', ['node', '-e', ECHO]);
  const config = JSON.stringify({
    ...{ server: { url: 'http://origin:4466', generation: 'B' }, clusterKey: publicKey },
    sources: { management: [`${OUTSIDE}/32`] },
  });
  const program = 'printf %s "$0" > /tmp/gateway.yml && exec node /opt/clusterkit/server.mjs';
  const start = `GATEWAY_CONFIG_PATH=/tmp/gateway.yml; export GATEWAY_CONFIG_PATH; ${program}`;
  await container('gateway', ['sh', '-c', start, config], {
    PortBindings: { '4466/tcp': [{ HostIp: '0.0.0.0', HostPort: String(port) }] },
  });
  await ip('netns', 'add', name);
  await ip('link', 'add', `ck${run}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
  await ip('addr', 'add', `${HERE}/24`, 'dev', `ck${run}`);
  await ip('link', 'set', `ck${run}`, 'up');
  await inside('ip', 'addr', 'add', `${OUTSIDE}/24`, 'dev', 'eth0');
  await inside('ip', 'link', 'set', 'eth0', 'up');
  const answers = async () => expect((await ask('127.0.0.1', '/demo/dev'))[0]).toBe('200');
  await vi.waitFor(answers, { timeout: 120_000, interval: 100 });
});

afterAll(async () => {
  if (!canLayCables) return;
  await ip('netns', 'del', name).catch(() => undefined);
  await ip('link', 'del', `ck${run}`).catch(() => undefined);
  for (const role of ['gateway', 'origin', 'other']) {
    await engine
      .getContainer(`${name}-${role}`)
      .remove({ force: true })
      .catch(() => undefined);
  }
  await engine
    .getNetwork(name)
    .remove()
    .catch(() => undefined);
});

test.runIf(canLayCables)(
  'clients outside are known by their own address, whatever they say',
  async () => {
    expect(await ask(HERE, '/demo/dev', true)).toEqual(['200', OUTSIDE]);
    // It may use the management API, whose answer here is that there is no query.
    expect((await ask(HERE, '/management', true))[0]).toBe('400');
  },
);

test.runIf(canLayCables)('this machine is no client outside: it comes by the bridge', async () => {
  const [, seen] = await ask('127.0.0.1', '/demo/dev');
  const { IPAM } = await engine.getNetwork(name).inspect();
  expect(seen).toBe(IPAM?.Config?.[0]?.Gateway);
  const [status, body] = await ask('127.0.0.1', '/management');
  expect([status, JSON.parse(body)]).toEqual([
    '403',
    {
      data: null,
      errors: [
        { message: 'This address may not use this API.', extensions: { code: 'FORBIDDEN' } },
      ],
    },
  ]);
  const log = async () =>
    String(await engine.getContainer(`${name}-gateway`).logs({ stdout: true }));
  const line = `"client":"${seen}","method":"POST","path":"/management","status":403`;
  await vi.waitFor(async () => expect(await log()).toContain(line), { timeout: 60_000 });
});

test.runIf(canLayCables)('a server that comes again under another address is found', async () => {
  await engine.getContainer(`${name}-origin`).remove({ force: true });
  expect((await ask('127.0.0.1', '/demo/dev'))[0]).toBe('502');
  // It has the address that was the server's.
  await container('other', ['sleep', '600']);
  await container('origin', ['node', '-e', ECHO]);
  const answers = async () => expect((await ask('127.0.0.1', '/demo/dev'))[0]).toBe('200');
  await vi.waitFor(answers, { timeout: 120_000, interval: 200 });
});
