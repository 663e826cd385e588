import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLine } from '../integration/gateway/line-of-requests.js';
import { containerIds, engine, tracesOf } from '../support/engine-traces.js';
import { expectUnchanged } from '../support/expect-unchanged.js';
import { installRealCli, realCli } from '../support/real-cli.js';
import { query, USERS_AND_POSTS, writeService } from '../support/service.js';
import { TestCluster } from '../support/test-cluster.js';

const DEVELOPMENT = { kind: 'development', limits: { storageMb: 1 } };
const FIRST = '{ users(where: { email: "0@example.com" }) { email } }';
const AGAIN = '{ users(where: { email: "again@example.com" }) { email } }';
/** Random: the database compresses, and counts what is stored. */
const TEXT = randomBytes(75_000).toString('base64url');

describe('a development cluster', () => {
  let cluster: TestCluster;
  let service: string;
  let token: string;
  const prisma = (...argv: string[]) =>
    realCli('1.6.3', argv, { cwd: service, home: cluster.home });
  const api = () => `${cluster.endpoint}/blog/dev`;
  const roles = async () => Object.keys(await containerIds(cluster.name)).sort();
  const publishedBy = async (role: string) => {
    const id = (await containerIds(cluster.name))[role] ?? '';
    const { HostConfig } = await engine.getContainer(id).inspect();
    return Object.values(HostConfig.PortBindings ?? {}).flat();
  };

  beforeAll(async () => {
    await installRealCli('1.6.3');
    cluster = await TestCluster.create({ more: DEVELOPMENT });
    service = join(cluster.directory, 'service');
  });
  afterAll(() => cluster?.dispose());

  test('up: a gateway has the port, the server none', async () => {
    const { exitCode, stdout, all } = await cluster.up('--json');
    expect(exitCode, all).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ endpoint: cluster.endpoint, entry: 'added' }]);
    expect(await roles()).toEqual(['database', 'gateway', 'server']);
    expect(await publishedBy('gateway')).toEqual([
      { HostIp: '127.0.0.1', HostPort: String(cluster.port) },
    ]);
    expect(await publishedBy('server')).toEqual([]);
  });

  test('the real CLI deploys through it', async () => {
    await writeService(service, { cluster: cluster.name, types: USERS_AND_POSTS });
    const { exitCode, all } = await prisma('deploy');
    expect(exitCode, all).toBe(0);
    const given = await prisma('token');
    token = given.stdout.trim();
    expect(token.split('.'), given.all).toHaveLength(3);
  });

  test('a second up changes nothing, and plan is empty', async () => {
    await expectUnchanged(cluster);
    const plan = await cluster.plan();
    expect(plan.exitCode, plan.all).toBe(0);
  });

  // In which order requests come out of the engine's proxy is its own affair; that the gateway keeps
  // theirs is shown by its own tests.
  test('a burst of 36: 10 at once, 25 one after the other, one refused', async () => {
    // A gateway that has just started takes a while for its first requests: no turn may come meanwhile.
    await Promise.all(await (await openLine(cluster.port, 10)).send('/other/dev', () => '{}'));
    const line = await openLine(cluster.port, 36, token);
    const answers = await Promise.all(await line.send('/blog/dev', () => '{"query":"{ x }"}'));
    const passed = answers.filter(({ status }) => status === 200);
    const delays = passed.map(({ throttledMs }) => throttledMs).sort((a, b) => a - b);
    expect(delays).toHaveLength(35);
    expect(delays.slice(0, 11).map((ms) => ms > 0)).toEqual([...Array(10).fill(false), true]);
    expect(delays[34]).toBeGreaterThan(20_000);
    expect(answers.filter(({ status }) => status !== 200)).toMatchObject([
      { status: 429, throttledMs: 0, retryAfter: '1' },
    ]);
  });

  test('beyond 1 MB writes are refused, queries and deletes go on, and then writes again', async () => {
    const write = `mutation { createUser(data: { email: "EMAIL", posts: { create: [{ title: "${TEXT}" }] } }) { id } }`;
    let refusal: string | undefined;
    for (let count = 0; refusal === undefined && count < 30; count += 1) {
      const { errors } = await query(api(), write.replace('EMAIL', `${count}@example.com`), token);
      refusal = errors?.[0]?.message;
    }
    expect(refusal).toMatch(/^The service 'blog' in stage 'dev' uses .* of 1 MB of storage/);
    expect(await query(api(), FIRST, token)).toEqual({
      data: { users: [{ email: '0@example.com' }] },
    });
    const emptied = await query(api(), 'mutation { deleteManyPosts { count } }', token);
    expect(emptied.errors).toBeUndefined();
    const small = write.replace('EMAIL', 'again@example.com').replace(TEXT, 'short');
    await expect
      .poll(async () => (await query(api(), small, token)).errors, { timeout: 60_000 })
      .toBeUndefined();
  });

  test('status tells how much is used', async () => {
    const { exitCode, stdout, all } = await cluster.status('--json');
    expect(exitCode, all).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        healthy: true,
        containers: { database: 'running', server: 'running', gateway: 'running' },
        usage: {
          rate: { requests: 10, perSeconds: 10, queue: 25 },
          storageCapBytes: 1_000_000,
          services: [{ service: 'blog', stage: 'dev', storageBytes: expect.any(Number) }],
        },
      },
    ]);
  });

  test('without its kind it is a plain cluster again, with the same data', async () => {
    await cluster.configure();
    const { exitCode, all } = await cluster.up();
    expect(exitCode, all).toBe(0);
    expect(await roles()).toEqual(['database', 'server']);
    expect(await query(api(), AGAIN, token)).toEqual({
      data: { users: [{ email: 'again@example.com' }] },
    });
    await cluster.configure({ more: DEVELOPMENT });
    const back = await cluster.up();
    expect(back.exitCode, back.all).toBe(0);
    expect(await roles()).toEqual(['database', 'gateway', 'server']);
  });

  test('down leaves nothing', async () => {
    const { exitCode, all } = await cluster.down('--yes');
    expect(exitCode, all).toBe(0);
    expect(await tracesOf(cluster.name)).toEqual([]);
  });
});
