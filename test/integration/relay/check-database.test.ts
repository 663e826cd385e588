import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../../../cluster/databases.js';
import { readDatabaseId } from '../../../cluster/keys/database-id.js';
import { KitError } from '../../../lib/errors.js';
import { Secret } from '../../../lib/secret.js';
import {
  type Claimant,
  checkDatabase,
  claimDatabase,
  releaseDatabase,
} from '../../../targets/common/claim-database.js';
import { TestAuthority } from '../../support/certificates.js';
import { ExternalDatabase } from '../../support/external-database.js';
import { freePort } from '../../support/free-port.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const PLACE = { path: 'clusters.mine.database.external', passwordKey: 'passwordFile' } as const;

/** Code, exit code and problems of what `work` fails with. */
async function failureOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof KitError)) throw error ?? new Error('it did not fail');
  const { code, exitCode, problems } = error;
  return { code, exitCode, problems: problems.map(({ path, message }) => [path, message]) };
}

async function claimant(different: Partial<Claimant> = {}) {
  const keyDirectory = await temporaryDirectory();
  return { cluster: 'mine', keyDirectory, version: '1.8', isBundled: true, ...different };
}

const at = (key: string) => `${PLACE.path}.${key}`;
const databases: Partial<Record<Connector, ExternalDatabase>> = {};

beforeAll(async () => {
  const [postgres, mysql] = await Promise.all([
    ExternalDatabase.start('postgres'),
    ExternalDatabase.start('mysql'),
  ]);
  Object.assign(databases, { postgres, mysql });
});
afterAll(async () => {
  await Promise.all(Object.values(databases).map((each) => each.dispose()));
});

describe.each(['postgres', 'mysql'] as const)('a database of one’s own, %s', (connector) => {
  let database: ExternalDatabase;
  const check = async (login = database.login(), who?: Awaited<ReturnType<typeof claimant>>) =>
    checkDatabase(login, who ?? (await claimant()), PLACE);

  beforeEach(async () => {
    database = databases[connector] ?? (await ExternalDatabase.start(connector));
    await database.query(
      connector === 'postgres'
        ? 'drop schema if exists clusterkit cascade; drop schema if exists management cascade'
        : 'drop database if exists clusterkit; drop database if exists app_data; drop database if exists other',
    );
  });

  it('can be used as it is', async () => {
    expect(await check()).toBeUndefined();
  });

  it('is told apart from hosts that are none', async () => {
    const { host, port } = database;
    const closed = await freePort();
    expect(await failureOf(check(database.login({ host: 'nowhere.invalid' })))).toEqual({
      ...{ code: 'database-unreachable', exitCode: 3 },
      problems: [[at('host'), "there is no host 'nowhere.invalid'"]],
    });
    expect(await failureOf(check(database.login({ port: closed })))).toEqual({
      ...{ code: 'database-unreachable', exitCode: 3 },
      problems: [[at('port'), `${host}:${closed} refuses connections`]],
    });
    const { ca: _, ...wellKnown } = database.login();
    const ca = (await TestAuthority.create()).certificate;
    for (const login of [wellKnown, database.login({ ca })]) {
      expect(await failureOf(check(login))).toEqual({
        ...{ code: 'database-untrusted', exitCode: 2 },
        problems: [
          [
            at('caFile'),
            expect.stringContaining(`the certificate of ${host}:${port} is not trusted: `),
          ],
        ],
      });
    }
    expect(await failureOf(check(database.login({ host: 'localhost' })))).toEqual({
      ...{ code: 'database-untrusted', exitCode: 2 },
      problems: [[at('host'), expect.stringContaining(`is for another name: `)]],
    });
  });

  it('refuses a wrong password, and one without TLS is told', async () => {
    const wrong = await failureOf(check(database.login({ password: new Secret('wrong') })));
    expect(wrong).toEqual({
      ...{ code: 'database-login-refused', exitCode: 2 },
      problems: [
        [
          at('passwordFile'),
          expect.stringContaining("the database refuses user 'app_user' with this password: "),
        ],
      ],
    });
    const plain = await ExternalDatabase.start(connector, { tls: false });
    try {
      const login = { ...database.login(), port: plain.port };
      expect(await failureOf(check(login))).toEqual({
        ...{ code: 'database-untrusted', exitCode: 2 },
        problems: [[at('ssl'), `${plain.host}:${plain.port} does not offer TLS`]],
      });
      expect(await check(plain.login())).toBeUndefined();
    } finally {
      await plain.dispose();
    }
  });

  it('belongs to whoever claims it first, until it is released', async () => {
    const [mine, other] = [await claimant(), await claimant({ cluster: 'other' })];
    const login = database.login();
    expect(await claimDatabase(login, mine, PLACE)).toBe('claimed');
    expect(await claimDatabase(login, mine, PLACE)).toBe('already so');
    expect(await check(login, mine)).toBeUndefined();
    const taken = {
      ...{ code: 'database-unfit', exitCode: 2 },
      problems: [[at('database'), "the database has the data of cluster 'mine'"]],
    };
    expect(await failureOf(check(login, other))).toEqual(taken);
    const adopting = { ...other, adopt: true };
    expect(await failureOf(claimDatabase(login, adopting, PLACE))).toEqual(taken);
    const again = await claimant();
    const lost = await failureOf(check(login, again));
    expect(lost.problems[0]?.[1]).toMatch(/with another key store$/);
    const id = (await readDatabaseId(mine.keyDirectory)) ?? '';
    expect(await releaseDatabase(login, id, PLACE)).toBe(true);
    expect(await releaseDatabase(login, id, PLACE)).toBe(false);
    expect(await check(login, again)).toBeUndefined();
    expect(await claimDatabase(login, again, PLACE)).toBe('claimed');
    expect(await claimDatabase(login, { ...mine, adopt: true }, PLACE)).toBe('claimed');
  });

  it('is claimed by one of many at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 5 }, (_, n) => claimant({ cluster: `c${n}` })),
    );
    const ends = await Promise.allSettled(
      all.map((who) => claimDatabase(database.login(), who, PLACE)),
    );
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('with a Prisma server’s data is taken over only when that is wished', async () => {
    const place = connector === 'postgres' ? 'management' : 'other';
    await database.query(`create ${connector === 'postgres' ? 'schema' : 'database'} ${place}`);
    await database.query(
      `create table ${place}.${connector === 'postgres' ? '"Project"' : 'Project'} (id int)`,
    );
    await database.query(
      `create table ${place}.${connector === 'postgres' ? '"Migration"' : 'Migration'} (id int)`,
    );
    if (connector === 'postgres') {
      await database.query(`alter schema management owner to app_user`);
      await database.query(`grant all on all tables in schema management to app_user`);
    }
    const who = await claimant();
    expect((await failureOf(check(database.login(), who))).problems).toEqual([
      [
        at('database'),
        expect.stringContaining(`(${connector === 'postgres' ? 'schema' : 'database'} ${place})`),
      ],
    ]);
    expect(await claimDatabase(database.login(), { ...who, adopt: true }, PLACE)).toBe('claimed');
    expect(await check(database.login(), who)).toBeUndefined();
  });

  it('is refused for what its login may not do, and for what cannot read it, at once', async () => {
    if (connector === 'postgres') {
      await database.query(`create role guest login password '${database.password}'`);
    } else {
      await database.query(`create user guest@'%' identified by '${database.password}';
        grant select on *.* to guest@'%'; grant all on \`%@%\`.* to guest@'%'`);
    }
    const who = await claimant();
    await claimDatabase(database.login(), who, PLACE);
    const guest = await failureOf(check(database.login({ user: 'guest' }), who));
    expect(guest.problems.map(([path]) => path)).toContain(at('user'));
    const old = await failureOf(
      check(database.login(), { ...who, version: '1.4', isBundled: false }),
    );
    expect(old.problems.map(([path]) => path)).toEqual(
      connector === 'postgres' ? [at('database')] : [at('connector'), at('database')],
    );
  });
});
