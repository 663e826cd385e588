import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { BUNDLED_GATEWAY, BUNDLED_PROXY } from '../../../../cluster/bundled-images.js';
import { parseClusters } from '../../../../targets/clusters-file/read.js';
import { selectCluster } from '../../../../targets/clusters-file/select.js';
import type { DropletSettings } from '../../../../targets/droplet/settings.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

const DOCKER = {
  target: 'docker',
  server: { image: 'clusterkit/dev-server:0.1.0', version: '1.8' },
  database: { connector: 'postgres', image: 'clusterkit/postgres:15' },
};
const DROPLET = { ...DOCKER, target: 'digitalocean' };
const select = (cluster: object) =>
  selectCluster(parseClusters(JSON.stringify({ clusters: { one: cluster } }), 'c.yml'), 'one');
const problemsOf = async (cluster: object) => {
  const { problems } = await kitErrorOf(() => select(cluster));
  return problems.map(({ path, message }) => `${path}: ${message}`);
};
const version = (text: string) => ({ ...DOCKER.server, version: text });

test('the bundled gateway is of this release', async () => {
  const kit = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  expect(BUNDLED_GATEWAY).toBe(`clusterkit/gateway:${kit.version}`);
});

describe('a gateway', () => {
  test('there is none unless it is asked for', () => {
    expect(select(DOCKER)).not.toHaveProperty('gateway');
    expect(select(DROPLET)).not.toHaveProperty('gateway');
    expect(select({ ...DOCKER, gateway: false })).not.toHaveProperty('gateway');
  });

  test('kind: development brings one with the limits of the seed text', () => {
    expect(select({ ...DOCKER, kind: 'development' })).toMatchObject({
      gateway: {
        image: BUNDLED_GATEWAY,
        limits: { requests: 10, perSeconds: 10, queue: 25, storageMb: 100 },
      },
    });
    const limits = { requests: 5, queue: 0 };
    expect(select({ ...DOCKER, kind: 'development', limits }).gateway?.limits).toEqual({
      ...{ requests: 5, perSeconds: 10, queue: 0, storageMb: 100 },
    });
  });

  test('data, domain and tls bring one without limits, pushed like all bundled images', () => {
    const sources = ['203.0.113.0/24'];
    for (const more of [{ data: { sources } }, { domain: 'api.example.com' }, { tls: 'pinned' }]) {
      const settings = select({ ...DROPLET, ...more }) as DropletSettings;
      expect(settings.gateway).toEqual({ image: BUNDLED_GATEWAY });
      expect(settings.images).toMatchObject({ gateway: 'push' });
    }
  });

  test('images of one’s own are pulled', () => {
    const gateway = { image: 'team/gateway:1', proxyImage: 'caddy:2' };
    const settings = select({ ...DROPLET, gateway, tls: 'pinned' }) as DropletSettings;
    expect(settings.gateway?.image).toBe('team/gateway:1');
    expect(settings.tls).toEqual({ kind: 'pinned', proxyImage: 'caddy:2' });
    expect(settings.images).toMatchObject({ gateway: 'pull', proxy: 'pull', server: 'push' });
  });

  test('takes key pairs for servers from 1.27 on, where they are the default then', async () => {
    expect(select({ ...DOCKER, server: version('1.34') }).server.auth).toBe('secret');
    const behind = { ...DOCKER, server: version('1.34'), gateway: true };
    expect(select(behind).server.auth).toBe('rsa');
    const server = { ...version('1.34'), auth: 'rsa' };
    expect(await problemsOf({ ...DOCKER, server })).toEqual([
      'clusters.one.server.auth: server 1.34 ignores a public key, and would accept all requests',
    ]);
  });

  test('all that does not fit is told at once', async () => {
    const cluster = { kind: 'development', tls: 'pinned', domain: 'a.example.com', gateway: false };
    expect(await problemsOf({ ...DROPLET, ...cluster })).toEqual([
      'clusters.one.gateway: is false, but kind: development needs a gateway',
      'clusters.one.gateway: is false, but domain needs a gateway',
      'clusters.one.gateway: is false, but tls needs a gateway',
      'clusters.one.tls: cannot be pinned together with domain, which has a publicly trusted certificate',
    ]);
    const acme = { email: 'ops@example.com' };
    expect(await problemsOf({ ...DROPLET, limits: {}, acme })).toEqual([
      'clusters.one.limits: only development clusters have limits',
      'clusters.one.acme: is for the certificate of a domain, but domain is not set',
    ]);
  });
});

describe('https', () => {
  test('a domain has port 443 unless another is written', () => {
    const domain = 'api.example.com';
    const acme = { email: 'ops@example.com', caFile: 'root.pem' };
    expect(select({ ...DROPLET, domain, acme })).toMatchObject({
      port: 443,
      tls: { kind: 'acme', domain, email: 'ops@example.com', caFile: 'root.pem' },
    });
    expect(select({ ...DROPLET, domain, port: 8443 }).port).toBe(8443);
    expect(select(DROPLET).port).toBe(4466);
    expect(select({ ...DROPLET, domain })).toMatchObject({ tls: { proxyImage: BUNDLED_PROXY } });
  });

  test('is for droplets', async () => {
    expect(await problemsOf({ ...DOCKER, tls: 'pinned', data: { sources: [] } })).toEqual([
      expect.stringContaining('clusters.one.tls: is not a known key'),
      expect.stringContaining('clusters.one.data: is not a known key'),
    ]);
  });
});

describe('a database of one’s own', () => {
  const external = {
    ...{ connector: 'postgres', host: 'db.example.com', user: 'prisma', passwordFile: 'password' },
  };

  test('has defaults, and a relay in the gateway’s image', () => {
    expect(select({ ...DOCKER, database: { external } }).database).toEqual({
      connector: 'postgres',
      image: BUNDLED_GATEWAY,
      external: expect.objectContaining({
        ...{ host: 'db.example.com', port: 5432, user: 'prisma', database: 'prisma' },
        ...{ ssl: 'verify-full', password: { file: 'password' } },
      }),
    });
    expect(select({ ...DOCKER, database: { external } })).not.toHaveProperty('gateway');
  });

  test('on a droplet leaves out the volume', () => {
    expect(select({ ...DROPLET, database: { external } })).toMatchObject({ volume: false });
  });

  test('is checked from the droplet where that is said; from here is the default', async () => {
    const checkedFrom = (checkFrom: string) => ({ external: { ...external, checkFrom } });
    const of = (checkFrom: string) =>
      select({ ...DROPLET, database: checkedFrom(checkFrom) }).database.external;
    expect(of('host')).toHaveProperty('checkFrom', 'host');
    expect(of('here')).not.toHaveProperty('checkFrom');
    expect(await problemsOf({ ...DOCKER, database: checkedFrom('host') })).toEqual([
      'clusters.one.database.external.checkFrom: is host, but this machine is the host',
    ]);
    expect(await problemsOf({ ...DROPLET, database: checkedFrom('there') })).toEqual([
      expect.stringContaining('checkFrom: should be one of here, host'),
    ]);
  });

  test('has one password, and no authority without TLS', async () => {
    const { passwordFile: _, ...none } = external;
    expect(await problemsOf({ ...DOCKER, database: { external: none } })).toEqual([
      'clusters.one.database.external.passwordFile: is missing, as is passwordEnv',
    ]);
    const both = { ...external, passwordEnv: 'PASSWORD', ssl: 'disable', caFile: 'ca.pem' };
    expect(await problemsOf({ ...DOCKER, database: { external: both } })).toEqual([
      'clusters.one.database.external.passwordFile: and passwordEnv are both set',
      'clusters.one.database.external.caFile: is for ssl: verify-full, but ssl is disable',
    ]);
  });

  test('of which something is missing or wrong is told by its own form', async () => {
    const database = { external: { connector: 'oracle', host: 'db', passwordFile: 'p' } };
    expect(await problemsOf({ ...DOCKER, database })).toEqual([
      expect.stringMatching(/external\.connector: should be one of postgres, mysql/),
      expect.stringMatching(/external\.user: is missing$/),
    ]);
  });

  test('can be DigitalOcean’s on a droplet, and nowhere else', async () => {
    const database = { managed: true, connector: 'postgres' };
    expect(select({ ...DROPLET, database }).database).toEqual({
      connector: 'postgres',
      image: BUNDLED_GATEWAY,
      managed: { version: '15', size: 'db-s-1vcpu-1gb', nodes: 1 },
    });
    expect((await problemsOf({ ...DOCKER, database })).join()).toContain('managed');
  });
});
