import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { containerIds, engine, tracesOf } from '../support/engine-traces.js';
import { TestCluster, type TestClusterProps } from '../support/test-cluster.js';

interface Generation extends TestClusterProps {
  readonly serverVersion: string;
  readonly generation: string;
  readonly secretFile: string;
  readonly alg: string;
}

const B_BY_KEY = { serverVersion: '1.8', generation: 'B', secretFile: 'private.pem', alg: 'RS256' };
const SHARED = { secretFile: 'management-secret', alg: 'HS256' };

test.for<[string, Generation]>([
  [
    'A on MySQL, key pair',
    { ...B_BY_KEY, serverVersion: '1.6.3', generation: 'A', connector: 'mysql' },
  ],
  ['B on MySQL, key pair', { ...B_BY_KEY, connector: 'mysql' }],
  ['B on PostgreSQL, secret', { ...B_BY_KEY, ...SHARED, auth: 'secret' }],
  ['C on PostgreSQL, secret', { ...B_BY_KEY, ...SHARED, serverVersion: '1.34', generation: 'C' }],
])(
  '%s: up, listed, a token, nothing to change, no secret in sight, gone',
  async ([, { generation, secretFile, alg, ...props }], { onTestFinished }) => {
    const cluster = await TestCluster.create(props);
    onTestFinished(() => cluster.dispose());
    const up = await cluster.up();
    expect(up.exitCode, up.all).toBe(0);

    const list = await cluster.kit(['list', '--json']);
    expect(JSON.parse(list.stdout).clusters).toEqual([
      expect.objectContaining({
        name: cluster.name,
        online: true,
        version: expect.stringContaining('clusterkit'),
        generation,
        auth: 'ok',
        origin: 'ours',
      }),
    ]);
    const token = await cluster.kit([
      'cluster',
      'token',
      cluster.name,
      '--service',
      's',
      '--stage',
      't',
    ]);
    expect(token.exitCode, token.all).toBe(0);
    const [header = ''] = token.stdout.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ alg });

    const plan = await cluster.plan();
    expect(plan.exitCode, plan.all).toBe(0);

    const keys = join(cluster.stateDir, 'keys', cluster.name);
    expect(await readdir(keys)).toEqual(['database-password', secretFile].sort());
    const secrets = await Promise.all(
      ['database-password', secretFile].map((name) => readFile(join(keys, name), 'utf8')),
    );
    const words = secrets.map((text) => text.trim().split('\n').at(-2) ?? text.trim());
    expect(await cluster.readRegistry()).toContain(words[1]);
    const seen = [
      await readFile(join(cluster.stateDir, 'state', `${cluster.name}.tfstate`), 'utf8'),
      JSON.stringify(await engine.getContainer(`clusterkit-${cluster.name}-server`).inspect()),
      JSON.stringify(await engine.getContainer(`clusterkit-${cluster.name}-database`).inspect()),
      ...[up.all, list.all, plan.all],
    ].join('\n');
    for (const word of words) expect(seen).not.toContain(word);

    const down = await cluster.down();
    expect(down.exitCode, down.all).toBe(0);
    expect(await tracesOf(cluster.name)).toEqual([]);
    expect(await readdir(cluster.home)).toEqual([]);
  },
);

test('another kind of database under the same data: refused, and the cluster is as it was', async ({
  onTestFinished,
}) => {
  const cluster = await TestCluster.create();
  onTestFinished(() => cluster.dispose());
  const first = await cluster.up();
  expect(first.exitCode, first.all).toBe(0);
  const before = await containerIds(cluster.name);
  for (const props of [
    { connector: 'mysql' as const },
    { connector: 'mysql' as const, serverVersion: '1.6' },
  ]) {
    await cluster.configure(props);
    for (const verb of ['plan', 'up'] as const) {
      const { exitCode, stderr } = await cluster[verb]();
      expect(exitCode, stderr).toBe(2);
      expect(stderr).toContain('data is of PostgreSQL; what is written now needs MySQL');
    }
  }
  await cluster.configure();
  const again = await cluster.up('--json');
  expect(JSON.parse(again.stdout)[0]).toMatchObject({ changes: 0, entry: 'unchanged' });
  expect(await containerIds(cluster.name)).toEqual(before);
});

test('from key pair to secret and back: the server, the registry and the data follow', async ({
  onTestFinished,
}) => {
  const cluster = await TestCluster.create();
  onTestFinished(() => cluster.dispose());
  const entries = [];
  for (const auth of ['rsa', 'secret', 'rsa'] as const) {
    await cluster.configure({ auth });
    const up = await cluster.up('--json');
    expect(up.exitCode, up.all).toBe(0);
    entries.push(JSON.parse(up.stdout)[0].entry);
    const status = await cluster.status('--json');
    expect(JSON.parse(status.stdout)[0]).toMatchObject({ healthy: true, auth: 'ok' });
    expect((await cluster.readRegistry())?.includes('BEGIN RSA PRIVATE KEY')).toBe(auth === 'rsa');
  }
  expect(entries).toEqual(['added', 'changed', 'changed']);
});
