import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keyDirectory } from '../../../../cluster/keys/key-directory.js';
import { ensureSecrets } from '../../../../cluster/keys/key-store.js';
import { KitError } from '../../../../lib/errors.js';
import { reading } from '../../../../lib/reading.js';
import { runChecks } from '../../../../targets/droplet/checks.js';
import { ensureSshKeys } from '../../../../targets/droplet/keys/ssh-keys.js';
import { type ApiOptions, TEST_TOKEN } from '../../../support/digitalocean/api/server.js';
import { dropletContext, dropletSettings } from '../../../support/digitalocean/droplet-context.js';
import { newPublicKey, putCluster } from '../../../support/digitalocean/kit-cluster.js';
import { openForTest } from '../../../support/digitalocean/open-for-test.js';
import { stateKnowing } from '../../../support/terraform-state.js';

const start = async (options: ApiOptions = {}) => {
  const fake = await openForTest(options);
  return { ...fake, context: await dropletContext(fake.api.url) };
};

const startWithoutEngine = async (options?: ApiOptions) => {
  const fake = await start(options);
  const nowhere = { host: 'unix:///nowhere/ck-test.sock', from: 'the test' };
  return { ...fake, context: { ...fake.context, engineAddress: reading(async () => nowhere) } };
};

async function failure(work: Promise<unknown>): Promise<KitError> {
  const error = await work.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(KitError);
  return error as KitError;
}
const told = ({ problems }: KitError) => problems.map(({ path, message }) => `${path}: ${message}`);

describe('an account where all is well', () => {
  test('has no findings, and nothing on it afterwards', async () => {
    const { api, context } = await start();
    const settings = dropletSettings({ reservedIp: true, project: 'ck-test', backups: true });
    const { own, warnings, missingImages, engine } = await runChecks(settings, context);
    expect([own, warnings, missingImages, engine]).toEqual([[], [], [], undefined]);
    expect(api.objects()).toEqual([]);
    // Whatever was asked to be made or removed was refused.
    const made = api.requests.filter(
      ({ method, outcome }) => method !== 'GET' && (typeof outcome !== 'number' || outcome < 400),
    );
    expect(made).toEqual([]);
  });

  test('warns of little memory, and of what the account warns of', async () => {
    const { context } = await start({ account: { status: 'warning', statusMessage: 'pay soon' } });
    const { warnings } = await runChecks(dropletSettings({ size: 's-1vcpu-1gb' }), context);
    expect(warnings).toEqual([
      'the account has a warning: pay soon',
      "size 's-1vcpu-1gb' has 1024 MB of memory; upstream's servers run out of memory below 2048 MB",
    ]);
  });
});

test('warns of addresses that are assigned to nothing, where one is wanted', async () => {
  const { context, call } = await start();
  await call('POST', '/v2/reserved_ips', { region: 'fra1' });
  await call('POST', '/v2/reserved_ips', { region: 'ams3' });
  expect((await runChecks(dropletSettings(), context)).warnings).toEqual([]);
  const { warnings } = await runChecks(dropletSettings({ reservedIp: true }), context);
  expect(warnings.map((text) => text.split(',')[0])).toEqual([
    'reserved address 198.51.100.10 in fra1 is not assigned',
  ]);
});

describe('the token', () => {
  test('missing: reported together with what else is wrong', async () => {
    const { context } = await start();
    await mkdir(dirname(context.registry));
    await writeFile(context.registry, 'clusters:\n  ck-test-a:\n    host: http://other\n');
    const error = await failure(runChecks(dropletSettings(), { ...context, env: {} }));
    expect([error.code, error.exitCode]).toEqual(['token-missing', 2]);
    expect(error.problems).toHaveLength(2);
    expect(error.message).toContain("already has another cluster 'ck-test-a'");
  });

  test('refused', async () => {
    const { context } = await start({ tokens: {} });
    const error = await failure(runChecks(dropletSettings(), context));
    expect([error.code, error.exitCode, error.problems.length]).toEqual(['token-refused', 3, 1]);
    expect(error.message).not.toContain('7e57');
  });

  const READS = ['account', 'regions', 'sizes', 'image', 'ssh_key', 'droplet', 'firewall', 'tag']
    .map((each) => `${each}:read`)
    .concat('block_storage:read', 'actions:read', 'block_storage_action:read');

  test('that may only read: every scope that lacks, in one finding', async () => {
    const { api, context } = await start({ tokens: { [TEST_TOKEN]: READS } });
    const error = await failure(runChecks(dropletSettings(), context));
    expect(error.code).toBe('token-scopes');
    expect(told(error)).toEqual([
      'DIGITALOCEAN_TOKEN: the token lacks the scopes ssh_key:create, ssh_key:delete, tag:create, tag:delete, droplet:create, droplet:delete, firewall:create, firewall:update, firewall:delete, block_storage:create, block_storage:delete, block_storage_action:create',
    ]);
    expect(api.objects()).toEqual([]);
  });

  test('needs no scope for what the cluster does not have', async () => {
    const reads = READS.filter((scope) => !scope.startsWith('block_storage'));
    const writes = ['ssh_key', 'tag', 'droplet', 'firewall'].flatMap((each) => [
      `${each}:create`,
      `${each}:delete`,
    ]);
    const scopes = [...reads, ...writes, 'firewall:update'];
    const { context } = await start({ tokens: { [TEST_TOKEN]: scopes } });
    await runChecks(dropletSettings({ volume: false }), context);
    const wanting = dropletSettings({ volume: false, reservedIp: true, project: 'ck-test' });
    expect(told(await failure(runChecks(wanting, context)))).toEqual([
      'DIGITALOCEAN_TOKEN: the token lacks the scopes project:read, reserved_ip:read, reserved_ip:create, reserved_ip:update, reserved_ip:delete, project:create, project:assign_resource, project:delete',
    ]);
  });

  test('that may do nothing at all', async () => {
    const { context } = await start({ tokens: { [TEST_TOKEN]: [] } });
    const error = await failure(runChecks(dropletSettings(), context));
    expect([error.code, error.problems.length]).toEqual(['token-scopes', 1]);
    expect(error.message).toContain('account:read, ');
  });
});

describe('the account', () => {
  test('locked: one finding, not one for each scope', async () => {
    const { context } = await start({ account: { status: 'locked', statusMessage: 'unpaid' } });
    expect(told(await failure(runChecks(dropletSettings(), context)))).toEqual([
      'account: the account is locked: unpaid',
    ]);
  });

  test('full: every limit', async () => {
    const { context, call } = await start({
      account: { dropletLimit: 1, volumeLimit: 1, reservedIpLimit: 1 },
    });
    await putCluster(call, 'ck-test-other');
    const error = await failure(runChecks(dropletSettings({ reservedIp: true }), context));
    expect(error.code).toBe('account-unfit');
    expect(told(error)).toEqual([
      'account: the account has 1 of at most 1 droplets',
      'account: the account has 1 of at most 1 volumes',
      'account: the account has 1 of at most 1 reserved addresses',
    ]);
  });

  test('that does not answer', async () => {
    const { context } = await start();
    const env = { ...context.env, DIGITALOCEAN_API_URL: 'http://127.0.0.1:1' };
    const error = await failure(runChecks(dropletSettings(), { ...context, env }));
    expect(error.code).toBe('api-unreachable');
  }, 60_000);
});

describe('the place', () => {
  test.each([
    [{ region: 'fra2' }, "region: there is no region 'fra2'"],
    [{ region: 'sfo1', volume: false }, "region: region 'sfo1' takes no new droplets"],
    [{ region: 'nyc2' }, "region: region 'nyc2' has no volumes"],
    [{ size: 's-1vcpu-3gb' }, "size: there is no size 's-1vcpu-3gb'"],
    [
      { region: 'tor1', size: 's-1vcpu-512mb-10gb' },
      "size: size 's-1vcpu-512mb-10gb' is not offered in region 'tor1'",
    ],
    [{ image: 'ubuntu-24' }, "image: there is no image 'ubuntu-24'"],
    [
      { image: 'docker-20-04', size: 's-1vcpu-512mb-10gb' },
      "image: image 'docker-20-04' needs a disk of 25 GB, but size 's-1vcpu-512mb-10gb' has 10 GB",
    ],
    [
      { vpc: '11111111-1111-4111-8111-111111111111' },
      "vpc: there is no network '11111111-1111-4111-8111-111111111111'",
    ],
  ] as const)('%j', async (changes, message) => {
    const { context } = await start();
    const error = await failure(runChecks(dropletSettings(changes), context));
    expect([error.code, error.exitCode]).toEqual(['place-unknown', 2]);
    expect(told(error)).toContain(`clusters.ck-test-a.${message}`);
    expect(error.problems.every(({ hint }) => hint)).toBe(true);
  });

  test('a slip gets a suggestion', async () => {
    const { context } = await start();
    const settings = dropletSettings({ region: 'fra11', size: 's-1vcpu-2bg' });
    const { problems } = await failure(runChecks(settings, context));
    expect(problems[0]?.hint).toContain("Did you mean 'fra1'?");
  });

  test('a network of another region', async () => {
    const { context, call } = await start();
    const { body } = await call('POST', '/v2/vpcs', { name: 'ck-test', region: 'ams3' });
    const settings = dropletSettings({ vpc: body.vpc.id });
    expect(told(await failure(runChecks(settings, context)))).toEqual([
      "clusters.ck-test-a.vpc: network 'ck-test' is in region 'ams3', the droplet in 'fra1'",
    ]);
  });
});

describe('the names', () => {
  const ids = async (context: Awaited<ReturnType<typeof start>>['context'], known: string[]) => {
    await mkdir(join(context.project.stateDir, 'state'), { recursive: true });
    const state = join(context.project.stateDir, 'state', 'ck-test-a.tfstate');
    await writeFile(state, stateKnowing(...known));
  };

  test('taken by a cluster that was made elsewhere', async () => {
    const { context, call } = await start();
    await putCluster(call, 'ck-test-a');
    const error = await failure(runChecks(dropletSettings(), context));
    expect([error.code, error.exitCode]).toEqual(['cluster-elsewhere', 2]);
    expect(error.message).toContain('droplet clusterkit-ck-test-a-droplet');
    expect(error.message).toContain('clusterkit sweep ck-test-a --remove');
  });

  test('our own, known to the state: a full account is no obstacle then', async () => {
    const { context, call } = await start({ account: { dropletLimit: 1, volumeLimit: 1 } });
    const { droplet } = await putCluster(call, 'ck-test-a');
    await ids(context, [droplet]);
    const { own } = await runChecks(dropletSettings(), context);
    expect(own.map(({ kind }) => kind)).toEqual([
      'droplet',
      'volume',
      'firewall',
      'ssh_key',
      'project',
      'reserved_ip',
    ]);
  });

  test('our own by its login key, when a cut left no state', async () => {
    const { context, call } = await start();
    const { login } = await ensureSshKeys(keyDirectory(context.project.stateDir, 'ck-test-a'));
    await putCluster(call, 'ck-test-a', `${login.publicKey} a comment`);
    expect((await runChecks(dropletSettings(), context)).own).toHaveLength(6);
  });

  test('a volume that was kept: ours only while its password is here', async () => {
    const { context, call } = await start();
    const { droplet, key, firewall, address, volume, project } = await putCluster(
      call,
      'ck-test-a',
    );
    await call('DELETE', `/v2/droplets/${droplet}`);
    for (const path of [
      `account/keys/${key}`,
      `firewalls/${firewall}`,
      `reserved_ips/${address}`,
    ]) {
      await call('DELETE', `/v2/${path}`);
    }
    await call('POST', '/v2/projects/default/resources', { resources: [`do:volume:${volume}`] });
    await call('DELETE', `/v2/projects/${project}`);
    expect((await failure(runChecks(dropletSettings(), context))).code).toBe('cluster-elsewhere');
    await ensureSecrets(keyDirectory(context.project.stateDir, 'ck-test-a'), 'rsa');
    const { own } = await runChecks(dropletSettings(), context);
    expect(own.filter(({ kind }) => kind !== 'tag').map(({ id }) => id)).toEqual([volume]);
  });

  test('a kept volume that the settings do not fit', async () => {
    const { context, call } = await start();
    await ensureSecrets(keyDirectory(context.project.stateDir, 'ck-test-a'), 'rsa');
    const name = 'clusterkit-ck-test-a-data';
    const tags = ['clusterkit', 'clusterkit:ck-test-a'];
    const body = { name, region: 'fra1', size_gigabytes: 20, tags };
    const { id } = (await call('POST', '/v2/volumes', body)).body.volume;
    const what = `volume ${name} (${id}; 20 GB in fra1) with data of this cluster is on the account`;
    for (const [changes, message] of [
      [{ volume: false }, `volume: ${what}, but the settings have no volume`],
      [{ region: 'nyc3' }, `region: ${what}, but the settings have region nyc3`],
      [{}, `volume.sizeGb: ${what}, but the settings have 10 GB, and volumes cannot shrink`],
    ] as const) {
      const error = await failure(runChecks(dropletSettings(changes), context));
      expect([error.code, error.exitCode]).toEqual(['volume-unfit', 2]);
      expect(told(error)).toEqual([`clusters.ck-test-a.${message}`]);
    }
    await runChecks(dropletSettings({ volume: { sizeGb: 20 } }), context);
    // What Terraform knows is refused where it is planned.
    await ids(context, [id]);
    await runChecks(dropletSettings({ volume: false }), context);
  });

  test('a size whose disk is smaller than the droplet’s', async () => {
    const { context, call } = await start();
    const { login } = await ensureSshKeys(keyDirectory(context.project.stateDir, 'ck-test-a'));
    const { droplet } = await putCluster(call, 'ck-test-a', login.publicKey);
    await ids(context, [droplet]);
    const error = await failure(runChecks(dropletSettings({ size: 's-1vcpu-1gb' }), context));
    expect([error.code, error.exitCode]).toEqual(['size-unfit', 2]);
    expect(told(error)).toEqual([
      "clusters.ck-test-a.size: size 's-1vcpu-1gb' has a disk of 25 GB, the droplet clusterkit-ck-test-a-droplet has 50 GB, and disks cannot shrink",
    ]);
    expect(error.problems[0]?.hint).toBe(
      'Sizes that fit: s-1vcpu-2gb, s-1vcpu-2gb-amd, s-2vcpu-2gb.',
    );
    await runChecks(dropletSettings({ size: 's-2vcpu-4gb' }), context);
  });

  test('taken by things of no cluster, all at once; the login key under another name', async () => {
    const { context, call } = await start();
    const { login } = await ensureSshKeys(keyDirectory(context.project.stateDir, 'ck-test-a'));
    const name = 'clusterkit-ck-test-a-data';
    await call('POST', '/v2/volumes', { name, region: 'fra1', size_gigabytes: 1 });
    await call('POST', '/v2/projects', { name: 'ck-test', purpose: 'IoT' });
    await call('POST', '/v2/account/keys', { name: 'mine', public_key: login.publicKey });
    await call('POST', '/v2/account/keys', { name: 'other', public_key: newPublicKey() });
    const error = await failure(runChecks(dropletSettings({ project: 'ck-test' }), context));
    expect(told(error).map((text) => text.replace(/\([^)]*\)/, '(id)'))).toEqual([
      `clusters.ck-test-a: a volume '${name}' in fra1 already exists on the account (id), and does not belong to a cluster of this kit`,
      "clusters.ck-test-a: the cluster's login key already exists on the account, as 'mine' (id), and an account accepts a key only once",
      "clusters.ck-test-a.project: a project 'ck-test' already exists on the account (id), and does not belong to this cluster",
    ]);
  });

  test('a project: the account’s default one, another cluster’s; but not its own', async () => {
    const { context, call } = await start();
    const { login } = await ensureSshKeys(keyDirectory(context.project.stateDir, 'ck-test-a'));
    await putCluster(call, 'ck-test-a', login.publicKey);
    await putCluster(call, 'ck-test-b');
    const { body } = await call('GET', '/v2/projects/default');
    for (const project of [body.project.name, 'ck-test ck-test-b']) {
      const error = await failure(runChecks(dropletSettings({ project }), context));
      expect(told(error).map((text) => text.replace(/\([^)]*\)/, '(id)'))).toEqual([
        `clusters.ck-test-a.project: a project '${project}' already exists on the account (id), and does not belong to this cluster`,
      ]);
    }
    const { own } = await runChecks(dropletSettings({ project: 'ck-test ck-test-a' }), context);
    expect(own).toHaveLength(6);
  });
});

describe('this machine', () => {
  test('an engine only when it has images to push', async () => {
    const { context } = await startWithoutEngine();
    await runChecks(dropletSettings(), context);
    const pushing = dropletSettings({ images: { server: 'push', database: 'pull' } });
    expect((await failure(runChecks(pushing, context))).code).toBe('engine-unreachable');
  });

  test('bundled images cannot be pulled by a droplet', async () => {
    const { context } = await start();
    const server = { image: 'clusterkit/dev-server:0.1.0', version: '1.8', auth: 'rsa' } as const;
    const error = await failure(runChecks(dropletSettings({ server }), context));
    expect(told(error)).toEqual([
      "clusters.ck-test-a.server.image: a droplet cannot pull 'clusterkit/dev-server:0.1.0': the bundled images are in no registry",
    ]);
  });

  test('everything that is wrong anywhere comes at once', async () => {
    const { context } = await startWithoutEngine({ account: { dropletLimit: 0 } });
    await writeFile(join(context.home, '.clusterkit'), 'a file where a directory should be');
    const settings = dropletSettings({
      region: 'fra2',
      images: { server: 'push', database: 'pull' },
    });
    const error = await failure(
      runChecks(settings, { ...context, registry: join(context.home, 'clusters.yml', 'x') }),
    );
    const text = error.message;
    for (const part of [
      'of at most 0 droplets',
      'no region',
      'no Docker engine',
      'key store',
      'registry',
    ]) {
      expect(text).toContain(part);
    }
  });
});
