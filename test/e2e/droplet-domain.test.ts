import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runInContainer } from '../../clients/docker/run-in-container.js';
import { BUNDLED_GATEWAY } from '../../cluster/bundled-images.js';
import { TestDropletCluster } from '../support/droplet-cluster.js';
import { engine, removeTraces } from '../support/engine-traces.js';
import { type Pebble, startPebble } from '../support/pebble.js';
import { eventually } from '../support/service.js';
import { compiled } from '../support/test-project.js';

const DOMAIN = 'api.ck-test.example';
const SITE = 'app.ck-test.example';

/** Tells the headers that came. */
const DOCKERFILE = `FROM ${BUNDLED_GATEWAY}
ENTRYPOINT ["node", "-e", "require('node:http').createServer((q, a) => a.end(JSON.stringify(q.headers))).listen(process.env.PORT)"]
`;

describe('a cluster on a droplet with a domain', () => {
  const authority = `ck-test-${randomBytes(4).toString('hex')}`;
  let cluster: TestDropletCluster;
  let pebble: Pebble;

  beforeAll(async () => {
    cluster = await TestDropletCluster.create();
    const { operator } = cluster.account.droplets;
    pebble = await startPebble({
      ...{ name: `clusterkit-${authority}-database`, network: await networkAt(operator) },
      ...{ labels: { 'dev.clusterkit.cluster': authority }, validitySeconds: 3600 },
      // Droplets get theirs from the other end.
      address: operator.replace(/\d+$/, '250'),
    });
    await writeFile(join(cluster.directory, 'ca.pem'), pebble.root + pebble.ownCertificate);
    await cluster.configure(settings());
  });
  afterAll(async () => {
    await removeTraces(authority);
    await cluster?.dispose();
  });

  const settings = () => ({
    domain: DOMAIN,
    acme: { directory: pebble.directory, caFile: 'ca.pem' },
  });

  /** The kit where the names of `hosts` lead where they say. */
  const kitWith = async (hosts: string, ...argv: string[]) => {
    const file = join(cluster.directory, 'hosts');
    await writeFile(file, `127.0.0.1 localhost\n${hosts}\n`);
    const script = 'mount --bind "$0" /etc/hosts && exec "$@"';
    const program = [process.execPath, compiled('cli/main.js'), ...argv];
    return execa('unshare', ['--mount', 'sh', '-c', script, file, ...program], {
      ...{ cwd: cluster.directory, env: cluster.env(), extendEnv: false },
      ...{ stdin: 'ignore', reject: false, all: true },
    });
  };

  test('up ends at the domain that leads nowhere, with the record to make', async () => {
    const { exitCode, stderr, all } = await kitWith('', 'up', cluster.name);
    expect(exitCode, all).toBe(3);
    const { host } = await cluster.account.only();
    expect(stderr).toContain('the domain does not resolve yet');
    expect(stderr).toContain(`A  ${DOMAIN}  ->  ${host}`);
    expect(await cluster.readRegistry()).toBeUndefined();
  });

  test('up goes on from there: the certificate is there, and the entry is https', async () => {
    const { host } = await cluster.account.only();
    await runInContainer(pebble.container, ['sh', '-c', `echo '${host} ${DOMAIN}' >>/etc/hosts`]);
    const hosts = `${host} ${DOMAIN}`;
    const up = await kitWith(hosts, 'up', cluster.name, '--json');
    expect(up.exitCode, up.all).toBe(0);
    expect(JSON.parse(up.stdout)).toMatchObject([
      { endpoint: `https://${DOMAIN}`, entry: 'added' },
    ]);
    const status = await kitWith(hosts, 'status', cluster.name, '--json');
    expect(JSON.parse(status.stdout)).toMatchObject([{ healthy: true, auth: 'ok' }]);
    const redirected = await fetch(`http://${host}/blog/dev`, { redirect: 'manual' });
    expect(redirected.status).toBe(308);
    expect(redirected.headers.get('location')).toBe(`https://${DOMAIN}/blog/dev`);
    const again = await kitWith(hosts, 'up', cluster.name, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject([{ entry: 'unchanged', changes: 0 }]);
  });

  test('an application under a name of its own has its own certificate; plan and up tell where the name must lead', async () => {
    const { host } = await cluster.account.only();
    const site = join(cluster.directory, 'site');
    await mkdir(site);
    await writeFile(join(site, 'Dockerfile'), DOCKERFILE);
    await cluster.configure({ ...settings(), apps: { site: { build: 'site', domain: SITE } } });
    const hosts = `${host} ${DOMAIN} ${SITE}`;
    const elsewhere = await kitWith(`${host} ${DOMAIN}`, 'plan', cluster.name);
    expect(elsewhere.all).toContain(`${SITE}: the domain does not resolve yet`);
    await runInContainer(pebble.container, ['sh', '-c', `echo '${host} ${SITE}' >>/etc/hosts`]);
    const up = await kitWith(hosts, 'up', cluster.name, '--json');
    expect(up.exitCode, up.all).toBe(0);

    const answer = await eventually(async () => {
      const got = await askSite(host, pebble.root);
      if (got.status === 200) return got;
      throw new Error(`status ${got.status}: ${got.text}`);
    });
    expect(JSON.parse(answer.text)).toMatchObject({ host: SITE, 'x-forwarded-proto': 'https' });
    const again = await kitWith(hosts, 'up', cluster.name, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject([{ entry: 'unchanged', changes: 0 }]);
  });
});

/** Asks a droplet for the application's name, and trusts the authority only. */
async function askSite(host: string, ca: string) {
  const call = request({
    host,
    servername: SITE,
    path: '/',
    ca,
    agent: false,
    headers: { host: SITE },
  });
  call.end();
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  return { status: response.statusCode, text: await text(response) };
}

/** Name of the network of droplets where this machine has an address. */
async function networkAt(operator: string): Promise<string> {
  const networks = await engine.listNetworks();
  const found = networks.find(({ IPAM }) => IPAM?.Config?.[0]?.Gateway === operator);
  if (found === undefined) throw new Error(`no network with ${operator}`);
  return found.Name;
}
