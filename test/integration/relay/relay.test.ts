import {
  type AddressInfo,
  createConnection as connectSocket,
  createServer,
  type Socket,
} from 'node:net';
import { createConnection, createPool } from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { DatabaseLogin } from '../../../clients/database/database-login.js';
import { renderRelay } from '../../../cluster/configuration/render-relay.js';
import { Secret } from '../../../lib/secret.js';
import { startHealthServer } from '../../../programs/relay/health-server.js';
import { type RelaySettings, readSettings } from '../../../programs/relay/relay-settings.js';
import { startRelay } from '../../../programs/relay/start-relay.js';
import { TestAuthority } from '../../support/certificates.js';
import { ExternalDatabase } from '../../support/external-database.js';
import { freePort } from '../../support/free-port.js';

const MB = 1024 * 1024;

/** A relay that runs until the test ends, with what it logs. */
async function relayTo(login: DatabaseLogin, different: Partial<RelaySettings> = {}) {
  const told = readSettings({}, () => renderRelay(login).reveal());
  const settings = { ...told, listen: 0, drainSeconds: 0.1, ...different };
  const log: string[] = [];
  const relay = await startRelay(settings, (line) => log.push(line));
  onTestFinished(() => relay.stop());
  const { user, database } = login;
  const password = login.password.reveal();
  const client = { host: '127.0.0.1', port: relay.port, user, password, database };
  return { relay, log, client, settings: { ...settings, listen: relay.port } };
}

/** What a relay says of its health: status and words. */
async function healthOf(settings: RelaySettings) {
  const server = await startHealthServer(settings, 0);
  try {
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/healthz`);
    return [response.status, await response.text()];
  } finally {
    server.close();
  }
}

/** What a client of the relay is told when it does not get in. */
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => 'it got in',
    (error: Error) => error.message,
  );

let postgres: ExternalDatabase;
let mysql: ExternalDatabase;

beforeAll(async () => {
  [postgres, mysql] = await Promise.all([
    ExternalDatabase.start('postgres'),
    ExternalDatabase.start('mysql', { args: ['--require-secure-transport=ON'] }),
  ]);
  await mysql.query(`create database ${mysql.database}`);
});
afterAll(async () => {
  await Promise.all([postgres?.dispose(), mysql?.dispose()]);
});

describe('a relay to PostgreSQL', () => {
  async function rowsOf<Row>(config: pg.ClientConfig, sql: string, values: unknown[] = []) {
    const client = new pg.Client(config);
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query(sql, values)).rows as Row[];
    } finally {
      await client.end().catch(() => {});
    }
  }
  /** Waits until the query of a client has begun. */
  const untilAsleep = (database: ExternalDatabase) =>
    expect
      .poll(
        () =>
          database.query(
            "select 1 from pg_stat_activity where state = 'active' and query = 'select pg_sleep(60)'",
          ),
        { timeout: 60_000 },
      )
      .toHaveLength(1);
  const ENCRYPTED = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';

  it('lets clients that know no TLS in, by TLS', async () => {
    const { client, settings } = await relayTo(postgres.login());
    expect(await rowsOf(client, ENCRYPTED)).toEqual([{ ssl: true }]);
    expect(await healthOf(settings)).toEqual([200, 'ok\n']);
  });

  it('answers no to a client that asks for TLS', async () => {
    const { client } = await relayTo(postgres.login());
    expect(await failureOf(rowsOf({ ...client, ssl: {} }, 'select 1'))).toBe(
      'The server does not support SSL connections',
    );
  });

  it('passes a refused password on in the words of the database', async () => {
    const { client, settings } = await relayTo(postgres.login());
    const words = 'password authentication failed for user "app_user"';
    expect(await failureOf(rowsOf({ ...client, password: 'wrong' }, 'select 1'))).toBe(words);
    const refused = { ...settings, password: new Secret('wrong') };
    expect(await healthOf(refused)).toEqual([503, `${words}\n`]);
  });

  it('passes a wish to cancel on', async () => {
    const { client } = await relayTo(postgres.login());
    const busy = new pg.Client(client);
    await busy.connect();
    const ends = failureOf(busy.query('select pg_sleep(60)'));
    await untilAsleep(postgres);
    const { processID, secretKey } = busy as unknown as { processID: number; secretKey: number };
    const message = Buffer.alloc(16);
    for (const [i, n] of [16, 80_877_102, processID, secretKey].entries()) {
      message.writeInt32BE(n, 4 * i);
    }
    connectSocket(client.port, client.host).end(message);
    expect(await ends).toBe('canceling statement due to user request');
    await busy.end();
  });

  it.each([
    ['another authority', 'untrusted', /certificate of .* is not trusted: /],
    ['the well-known authorities', 'well-known', /certificate of .* is not trusted: /],
    ['another name', 'localhost', /certificate of localhost:\d+ is for another name: /],
  ])('tells a client of %s, and nothing of the login goes out', async (_what, how, words) => {
    const { ca: _, ...wellKnown } = postgres.login();
    const other = (await TestAuthority.create()).certificate;
    const logins: Record<string, DatabaseLogin> = {
      untrusted: postgres.login({ ca: other }),
      'well-known': wellKnown,
      localhost: postgres.login({ host: 'localhost' }),
    };
    const { client, log } = await relayTo(logins[how] ?? wellKnown);
    expect(await failureOf(rowsOf(client, 'select 1'))).toMatch(words);
    expect(log.at(-1)).toMatch(words);
  });

  it('tells a client of a database without TLS, and of one that is not there', async () => {
    const plain = await ExternalDatabase.start('postgres', { tls: false });
    onTestFinished(() => plain.dispose());
    const login = plain.login({ ssl: 'verify-full', ca: postgres.authority.certificate });
    const { client } = await relayTo(login);
    expect(await failureOf(rowsOf(client, 'select 1'))).toMatch(/does not offer TLS$/);
    const open = await relayTo(plain.login());
    expect(await rowsOf(open.client, ENCRYPTED)).toEqual([{ ssl: false }]);
    await plain.dispose();
    expect(await failureOf(rowsOf(open.client, 'select 1'))).toMatch(/refuses connections$/);
  });

  it('loses nothing of 100 connections at once', async () => {
    const { client } = await relayTo(postgres.login());
    await postgres.query('create table numbers (n int primary key, filler text)');
    await postgres.query(`grant all on numbers to ${postgres.user}`);
    const write = (n: number) =>
      rowsOf(client, 'insert into numbers values ($1, $2)', [n, 'x'.repeat(20_000)]);
    await Promise.all(Array.from({ length: 100 }, (_, n) => write(n)));
    const [row] = await rowsOf<{ count: string; sum: string; bytes: string }>(
      client,
      'select count(*), sum(n), sum(length(filler)) as bytes from numbers',
    );
    expect(row).toEqual({ count: '100', sum: '4950', bytes: '2000000' });
  });

  it('passes more on than either side takes at once', async () => {
    const { client } = await relayTo(postgres.login());
    const text = 'y'.repeat(32 * MB);
    const [row] = await rowsOf<{ text: string }>(client, 'select $1::text as text', [text]);
    expect(row?.text.length).toBe(text.length);
  });

  it('ends a client whose database is gone in the middle, and tells the next one why', async () => {
    const database = await ExternalDatabase.start('postgres');
    onTestFinished(() => database.dispose());
    const { client } = await relayTo(database.login());
    const running = failureOf(rowsOf(client, 'select pg_sleep(60)'));
    await untilAsleep(database);
    await database.kill();
    expect(await running).toMatch(/terminated|ECONNRESET|closed/i);
    expect(await failureOf(rowsOf(client, 'select 1'))).toMatch(/refuses connections$/);
  });

  it('takes at most the configured number of clients, and closes silent ones', async () => {
    const { client, log } = await relayTo(postgres.login(), { connections: 1, loginSeconds: 3 });
    const silent = connectSocket(client.port, client.host);
    const closed = new Promise((resolve) => silent.once('close', resolve));
    await new Promise((resolve) => silent.once('connect', resolve));
    expect(await failureOf(rowsOf(client, 'select 1'))).toMatch(
      /has 1 clients, and accepts no more/,
    );
    await closed;
    expect(log).toContain('a client did not log in within 3 s');
    expect(await rowsOf(client, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('a relay to MySQL', () => {
  async function rowsOf<Row>(config: object, sql: string, values: unknown[] = []) {
    const connection = await createConnection(config);
    try {
      const [rows] = await connection.query(sql, values);
      return rows as Row[];
    } finally {
      connection.destroy();
    }
  }

  it('lets clients that know no TLS in, by TLS', async () => {
    const { client, settings } = await relayTo(mysql.login());
    const [row] = await rowsOf<{ Value: string }>(client, "show session status like 'Ssl_cipher'");
    expect(row?.Value).toMatch(/^TLS_|SHA/);
    expect(await rowsOf(client, 'select database() as here')).toEqual([{ here: mysql.database }]);
    expect(await healthOf(settings)).toEqual([200, 'ok\n']);
  });

  it('asks clients for the password itself, and for the user', async () => {
    const { client } = await relayTo(mysql.login());
    const denied = /^Access denied for user/;
    expect(await failureOf(rowsOf({ ...client, password: 'wrong' }, 'select 1'))).toMatch(denied);
    expect(await failureOf(rowsOf({ ...client, password: '' }, 'select 1'))).toMatch(denied);
    expect(await failureOf(rowsOf({ ...client, user: 'root' }, 'select 1'))).toMatch(denied);
  });

  it('passes a refused password on in the words of the database', async () => {
    const { client, settings } = await relayTo(mysql.login({ password: new Secret('wrong') }));
    const words = /^Access denied for user 'app_user'@/;
    expect(await failureOf(rowsOf(client, 'select 1'))).toMatch(words);
    expect(await healthOf(settings)).toEqual([503, expect.stringMatching(words)]);
  });

  it('tells a client of a database that it may not use', async () => {
    const { client } = await relayTo(mysql.login());
    const words = "Unknown database 'nowhere'";
    expect(await failureOf(rowsOf({ ...client, database: 'nowhere' }, 'select 1'))).toBe(words);
  });

  it('tells a client of certificates that cannot be trusted', async () => {
    const other = (await TestAuthority.create()).certificate;
    const untrusted = await relayTo(mysql.login({ ca: other }));
    expect(await failureOf(rowsOf(untrusted.client, 'select 1'))).toMatch(/is not trusted: /);
    const wrongName = await relayTo(mysql.login({ host: 'localhost' }));
    expect(await failureOf(rowsOf(wrongName.client, 'select 1'))).toMatch(/is for another name: /);
  });

  it('tells a client of a database that is not there, and of one that is none', async () => {
    const gone = await relayTo(mysql.login({ port: await freePort() }));
    expect(await failureOf(rowsOf(gone.client, 'select 1'))).toMatch(/refuses connections$/);
    const sockets = new Set<Socket>();
    const other = createServer((socket) => sockets.add(socket.on('error', () => {})));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      other.close();
    });
    const port = (other.address() as { port: number }).port;
    const silent = await relayTo(mysql.login({ host: '127.0.0.1', port }), { loginSeconds: 0.5 });
    expect(await failureOf(rowsOf(silent.client, 'select 1'))).toMatch(/lost|closed/i);
  });

  it('loses nothing of 100 connections at once', async () => {
    const { client } = await relayTo(mysql.login());
    await rowsOf(client, 'create table numbers (n int primary key, filler mediumtext)');
    const pool = createPool({ ...client, connectionLimit: 100 });
    const write = (n: number) =>
      pool.query('insert into numbers values (?, ?)', [n, 'x'.repeat(20_000)]);
    await Promise.all(Array.from({ length: 100 }, (_, n) => write(n)));
    const [rows] = await pool.query(
      'select count(*) as n, sum(n) as sum, sum(length(filler)) as bytes from numbers',
    );
    expect(rows).toEqual([{ n: 100, sum: '4950', bytes: '2000000' }]);
    await pool.end();
  });
});
