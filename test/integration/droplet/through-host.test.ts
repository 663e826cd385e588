import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { awaitSsh } from '../../../clients/ssh/await-ssh.js';
import type { SshConnection } from '../../../clients/ssh/ssh-connection.js';
import { Secret } from '../../../lib/secret.js';
import {
  checkDatabase,
  claimDatabase,
  releaseDatabase,
} from '../../../targets/common/claim-database.js';
import { hostPlace, throughHost } from '../../../targets/common/through-host.js';
import { BootedDroplets } from '../../support/digitalocean/booted-droplet.js';
import { ExternalDatabase } from '../../support/external-database.js';
import { freePort } from '../../support/free-port.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

/** Only the droplet knows this name. */
const NAME = 'db.vpc.test';
const AT = 'clusters.mine.database.external';
const PLACE = hostPlace({ cluster: 'mine' });

let all: BootedDroplets;
let connection: SshConnection;
let database: ExternalDatabase;

beforeAll(async () => {
  all = await BootedDroplets.open();
  const { host, keys } = await all.boot();
  const hostKeys = [keys.bootstrapHost.publicKey];
  connection = await awaitSsh({ host, privateKey: keys.login.privateKey, hostKeys });
  const { operator } = all.droplets;
  database = await ExternalDatabase.start('postgres', { host: operator, names: [NAME] });
  const line = `${operator} ${NAME} other.vpc.test`;
  const script = `echo "${line}" >> /etc/hosts; echo nameserver 127.0.0.1 > /etc/resolv.conf`;
  await connection.run(['sh', '-c', script]);
}, 600_000);
afterAll(async () => {
  connection?.close();
  await database?.dispose();
  await all?.dispose();
});

const login = (different: Partial<Parameters<ExternalDatabase['login']>[0]> = {}) =>
  database.login({ host: NAME, ...different });
const claimant = async () => ({
  ...{ cluster: 'mine', keyDirectory: join(await temporaryDirectory(), 'keys') },
  ...{ version: '1.8', isBundled: true },
});
const check = async (to = login()) => {
  const who = await claimant();
  return throughHost(connection, to, PLACE, (near) => checkDatabase(near, who, PLACE));
};
const failureOf = async (to: ReturnType<typeof login>) => {
  const { code, exitCode, problems } = await kitErrorOf(() => check(to));
  return [code, exitCode, problems[0]?.path, problems[0]?.message];
};

it('is checked, taken and given back through a host that alone knows its name', async () => {
  const who = await claimant();
  const { host } = login();
  expect((await kitErrorOf(() => checkDatabase(login(), who, PLACE))).message).toContain(
    `there is no host '${host}'`,
  );
  expect(await check()).toBeUndefined();
  const claim = () =>
    throughHost(connection, login(), PLACE, (near) => claimDatabase(near, who, PLACE));
  expect([await claim(), await claim()]).toEqual(['claimed', 'already so']);
  const [mark] = await database.query<{ id: string }>('select id, cluster from clusterkit.mark');
  expect(mark).toEqual({ id: expect.any(String), cluster: 'mine' });
  const release = () =>
    throughHost(connection, login(), PLACE, (near) => releaseDatabase(near, mark?.id ?? '', PLACE));
  expect([await release(), await release()]).toEqual([true, false]);
});

it('fails as a check from here does, in the words of the settings', async () => {
  const closed = await freePort();
  const wrong = new Secret('wrong');
  expect(await failureOf(login({ port: closed }))).toEqual([
    ...['database-unreachable', 3, `${AT}.port`, `${NAME}:${closed} refuses connections`],
  ]);
  expect(await failureOf(login({ host: 'nowhere.vpc.invalid' }))).toEqual([
    ...['database-unreachable', 3, `${AT}.host`, "there is no host 'nowhere.vpc.invalid'"],
  ]);
  expect(await failureOf(login({ host: 'other.vpc.test' }))).toEqual([
    ...['database-untrusted', 2, `${AT}.host`],
    expect.stringMatching(/the certificate of other\.vpc\.test:\d+ is for another name/),
  ]);
  expect(await failureOf(login({ password: wrong }))).toEqual([
    ...['database-login-refused', 2, `${AT}.passwordFile`],
    expect.stringContaining("refuses user 'app_user'"),
  ]);
  expect(await failureOf(login({ database: 'nothing' }))).toEqual([
    ...['database-missing', 2, `${AT}.database`],
    expect.stringContaining(`there is no database 'nothing' at ${NAME}:`),
  ]);
});
