import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keyDirectory } from '../../../../../cluster/keys/key-directory.js';
import { ensureDatabasePassword } from '../../../../../cluster/keys/key-store.js';
import { Secret } from '../../../../../lib/secret.js';
import { dropletCost } from '../../../../../targets/droplet/account/cost.js';
import { findOrphans } from '../../../../../targets/droplet/account/orphans.js';
import { forgetDroplet } from '../../../../../targets/droplet/account/sweep.js';
import { runChecks } from '../../../../../targets/droplet/checks.js';
import { writeManagedLogin } from '../../../../../targets/droplet/keys/managed-login.js';
import type { DropletSettings } from '../../../../../targets/droplet/settings.js';
import { type ApiOptions, TEST_TOKEN } from '../../../../support/digitalocean/api/server.js';
import {
  dropletContext,
  dropletSettings,
} from '../../../../support/digitalocean/droplet-context.js';
import { openForTest } from '../../../../support/digitalocean/open-for-test.js';
import { kitErrorOf } from '../../../../support/kit-error-of.js';
import { stateKnowing, stateWith } from '../../../../support/terraform-state.js';

const CLUSTER = 'ck-test-a';
const NAME = `clusterkit-${CLUSTER}-database`;

const withDatabase = (managed = {}, changes: Partial<DropletSettings> = {}) =>
  dropletSettings({
    volume: false,
    database: {
      connector: 'postgres',
      image: 'postgres:10',
      managed: { version: '15', size: 'db-s-1vcpu-1gb', nodes: 1, ...managed },
    },
    ...changes,
  });

async function start(options: ApiOptions = {}) {
  const fake = await openForTest(options);
  const context = await dropletContext(fake.api.url, { clusters: [CLUSTER] });
  const keys = keyDirectory(context.project.stateDir, CLUSTER);
  /** A database of the cluster, as a `down` left it. */
  const keep = async () => {
    const body = {
      ...{ name: NAME, engine: 'pg', version: '15', size: 'db-s-1vcpu-1gb', num_nodes: 1 },
      ...{ region: 'fra1', tags: ['clusterkit'] },
    };
    return (await fake.call('POST', '/v2/databases', body)).body.database.id as string;
  };
  return { ...fake, context, keys, keep };
}

const told = async (work: () => Promise<unknown>) =>
  (await kitErrorOf(work)).problems.map(({ path, message }) => `${path}: ${message}`);

test('pre-flight: all is well, and nothing was made', async () => {
  const { api, context } = await start();
  await runChecks(withDatabase(), context);
  expect(api.objects()).toEqual([]);
});

test('pre-flight: region, release, nodes and size, all at once', async () => {
  const { context } = await start();
  const settings = withDatabase({ version: '9', size: 'db-s-9' }, { region: 'nyc2' });
  expect(await told(() => runChecks(settings, context))).toEqual([
    "clusters.ck-test-a.region: region 'nyc2' has no managed databases for postgres",
    'clusters.ck-test-a.database.version: there is no managed database 9 for postgres',
    "clusters.ck-test-a.database.size: there is no size 'db-s-9' for 1 nodes",
  ]);
  const error = await kitErrorOf(() => runChecks(withDatabase({ nodes: 2 }), context));
  expect([error.code, error.problems[0]?.path]).toEqual([
    'place-unknown',
    'clusters.ck-test-a.database.size',
  ]);
});

test('pre-flight: scopes, of who has a managed database only', async () => {
  const { context } = await start({ tokens: { [TEST_TOKEN]: ['account:read'] } });
  const scopes = async (settings: DropletSettings) =>
    (await kitErrorOf(() => runChecks(settings, context))).message.match(/database:\w+/g);
  expect(await scopes(withDatabase())).toEqual([
    ...['database:read', 'database:create', 'database:update', 'database:delete'],
  ]);
  expect(await scopes(dropletSettings())).toBeNull();
});

test('pre-flight: a kept database is reused where it fits, and else refused', async () => {
  const { context, keys, keep } = await start();
  const id = await keep();
  const foreign = await kitErrorOf(() => runChecks(withDatabase(), context));
  expect(foreign.code).toBe('cluster-elsewhere');
  await ensureDatabasePassword(keys);
  const { own } = await runChecks(withDatabase(), context);
  expect(own.map(({ kind, detail }) => [kind, detail])).toEqual([
    ['database', 'pg 15, db-s-1vcpu-1gb in fra1, online'],
  ]);
  expect(await told(() => runChecks(withDatabase({}, { region: 'ams3' }), context))).toEqual([
    `clusters.ck-test-a.region: database ${NAME} (${id}) has fra1, but the settings have ams3`,
  ]);
  const [without] = await told(() => runChecks(dropletSettings(), context));
  expect(without).toContain('with data of this cluster is on the account, but the settings have');
});

test('cost: a price that the API does not give is not guessed', async () => {
  const { client } = await start();
  const { items, monthly } = await dropletCost(withDatabase({ nodes: 2 }), client);
  expect(items.find(({ what }) => what === 'database')).toEqual({
    what: 'database',
    name: NAME,
    detail: 'postgres 15, 2 nodes of db-s-1vcpu-1gb in fra1; the API has no price for it',
    monthly: null,
    price: 'not-told',
  });
  expect(monthly).toBe(12);
});

test('sweep: known while a stage will end it; else kept data, and its secrets stay with it', async () => {
  const { client, context, keys, keep } = await start();
  const id = await keep();
  await ensureDatabasePassword(keys);
  await writeManagedLogin(keys, {
    ...{ id, connector: 'postgres', host: 'private.example', port: 25060, user: 'doadmin' },
    ...{ password: new Secret('p'), database: 'prisma', ssl: 'verify-full', ca: 'x' },
    layout: 'postgres',
  });
  const whys = async () => (await findOrphans(client, context)).map(({ why }) => why);
  expect(await whys()).toEqual(['kept-data']);

  const place = { cluster: CLUSTER, project: context.project.stateDir, keyDirectory: keys };
  const input = { ...place, registry: context.registry };
  const instances = [{ attributes: { id: 'x', input: { value: place } } }];
  const resources = [{ type: 'terraform_data', name: 'drop-database', instances }];
  await mkdir(join(context.project.stateDir, 'state'), { recursive: true });
  const state = join(context.project.stateDir, 'state', `${CLUSTER}.tfstate`);
  await writeFile(state, JSON.stringify(stateWith(resources)));
  expect(await whys()).toEqual([]);

  await writeFile(state, stateKnowing());
  expect(await forgetDroplet(input, client)).toEqual({ removed: 0, keptData: true });
  expect(await whys()).toEqual(['kept-data']);
});
