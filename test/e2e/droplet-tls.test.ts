import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPinnedCertificate } from '../../cluster/configuration/pinned-certificate.js';
import { readEntryCertificate } from '../../registry/file/entry-certificate.js';
import { TestDropletCluster } from '../support/droplet-cluster.js';
import { realCliBin, realCliEnv } from '../support/real-cli.js';
import { USERS_AND_POSTS, writeService } from '../support/service.js';
import { changesTo } from '../support/test-account.js';

describe('a cluster on a droplet with a pinned certificate', () => {
  let cluster: TestDropletCluster;
  let certificate: string;

  beforeAll(async () => {
    await realCliBin('1.6.3');
    cluster = await TestDropletCluster.create({ tls: 'pinned' });
  });
  afterAll(() => cluster?.dispose());

  test('up: https on the cluster’s port, and the certificate known to this machine', async () => {
    const { exitCode, stdout, all } = await cluster.up('--json');
    expect(exitCode, all).toBe(0);
    const { host } = await cluster.account.only();
    expect(JSON.parse(stdout)).toMatchObject([
      { endpoint: `https://${host}:4466`, entry: 'added' },
    ]);
    const kept = await readEntryCertificate(cluster.registry, cluster.name);
    certificate = kept?.pem ?? '';
    expect(new X509Certificate(certificate).checkIP(host)).toBe(host);
    expect(await readFile(join(cluster.keyDirectory, 'certificate.pem'), 'utf8')).toBe(certificate);
    // Its key is on the droplet alone.
    const here = `${await cluster.readRegistry()}${certificate}`;
    expect(here).not.toContain('BEGIN PRIVATE KEY');
  });

  test('plain http is refused there', async () => {
    const { host } = await cluster.account.only();
    const answer = await fetch(`http://${host}:4466/management`).catch((error: unknown) => error);
    expect(answer).toMatchObject({ status: 400 });
  });

  test('the real CLI deploys by the kit, and env names the certificate', async () => {
    const { host } = await cluster.account.only();
    const directory = join(cluster.directory, 'service');
    await writeService(directory, { cluster: cluster.name, types: USERS_AND_POSTS });
    const { NODE_OPTIONS, LOOPBACK_ONLY_LOG, DOCKER_HOST } = realCliEnv(cluster.home);
    const path = `${await realCliBin('1.6.3')}:${process.env.PATH}`;
    const env = { NODE_OPTIONS, LOOPBACK_ONLY_LOG, DOCKER_HOST, PATH: path };
    const run = await cluster.kit(['deploy', directory], {
      env: { ...env, LOOPBACK_ONLY_ALSO: host },
    });
    expect(run.exitCode, run.all).toBe(0);
    expect(run.all).toContain('Created type `Post`');
    const variables = await cluster.kit(['env', cluster.name]);
    expect(variables.stdout).toContain('export NODE_EXTRA_CA_CERTS=');
  });

  test('status and list are well, and a second up changes nothing', async () => {
    const status = await cluster.status('--json');
    expect(status.exitCode, status.all).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject([
      { healthy: true, auth: 'ok', registry: 'current' },
    ]);
    const before = cluster.account.api.requests.length;
    const again = await cluster.up('--json', '--verbose');
    expect(again.exitCode, again.all).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject([{ entry: 'unchanged', changes: 0 }]);
    for (const step of ['gateway', 'proxy', 'configuration'])
      expect(again.stderr).toContain(`${step}: already so`);
    expect(changesTo(cluster.account, before)).toEqual([]);
    expect((await readEntryCertificate(cluster.registry, cluster.name))?.pem).toBe(certificate);
  });

  test('another certificate is refused by its fingerprint, and nothing is sent', async () => {
    const { host } = await cluster.account.only();
    const other = await newPinnedCertificate({ cluster: 'other', host, now: new Date() });
    const kept = await readEntryCertificate(cluster.registry, cluster.name);
    const { writeFile } = await import('node:fs/promises');
    await writeFile(kept?.path ?? '', other.certificate);
    const list = await cluster.kit(['cluster', 'list', '--json']);
    expect(JSON.parse(list.stdout).clusters).toMatchObject([
      { online: false, auth: 'unknown', refusal: { code: 'certificate-changed' } },
    ]);
    const deploy = await cluster.kit(['deploy', join(cluster.directory, 'service')]);
    expect(deploy.exitCode).toBe(3);
    for (const pem of [certificate, other.certificate])
      expect(deploy.stderr).toContain(new X509Certificate(pem).fingerprint256);
    // `up` tells the true one again: it comes by ssh.
    const up = await cluster.up();
    expect(up.exitCode, up.all).toBe(0);
    expect((await readEntryCertificate(cluster.registry, cluster.name))?.pem).toBe(certificate);
  });

  test('down: nothing is left, and the certificate is forgotten', async () => {
    const { exitCode, all } = await cluster.down();
    expect(exitCode, all).toBe(0);
    expect(cluster.account.left()).toEqual([]);
    expect(await readEntryCertificate(cluster.registry, cluster.name)).toBeUndefined();
  });
});
