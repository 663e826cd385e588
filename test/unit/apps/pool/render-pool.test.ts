import { expect, test } from 'vitest';
import { databaseUrl } from '../../../../apps/pool/database-url.js';
import { pooledName, renderPool } from '../../../../apps/pool/render-pool.js';
import { Secret } from '../../../../lib/secret.js';

const user = (role: string, connections: number) => ({
  ...{ role, connections, password: new Secret(`password of ${role}`) },
});
const textOf = (...args: Parameters<typeof renderPool>) => {
  const files = renderPool(...args);
  return (name: string) => files[name]?.reveal().split('\n');
};

test('each role has its own limit; the passwords are in the file for them only', () => {
  const file = textOf({ database: 'prisma' }, [
    user('clusterkit_web', 3),
    user('clusterkit_api', 7),
  ]);
  expect(file('userlist.txt')).toEqual([
    '"clusterkit_api" "password of clusterkit_api"',
    '"clusterkit_web" "password of clusterkit_web"',
    '',
  ]);
  const settings = file('pgbouncer.ini') ?? [];
  expect(settings.slice(0, 2)).toEqual([
    '[databases]',
    "prisma = host=database port=5432 dbname='prisma' pool_size=7",
  ]);
  expect(settings.slice(-4)).toEqual([
    '[users]',
    'clusterkit_api = max_user_connections=7',
    'clusterkit_web = max_user_connections=3',
    '',
  ]);
  expect(settings).toEqual(
    expect.arrayContaining([
      'pool_mode = transaction',
      'auth_type = scram-sha-256',
      'query_wait_timeout = 30',
      'client_idle_timeout = 0',
      'unix_socket_dir = /run/pgbouncer',
    ]),
  );
  expect(settings.join('\n')).not.toMatch(/password of|admin_users|stats_users/);
});

test('databases whose names pgbouncer cannot read have another in the pool', () => {
  expect(['app_data-1.x', "it's mine", 'pgbouncer'].map(pooledName)).toEqual([
    ...['app_data-1.x', 'database', 'database'],
  ]);
  const [, line] = textOf({ database: "it's mine" }, [])('pgbouncer.ini') ?? [];
  expect(line).toBe("database = host=database port=5432 dbname='it''s mine' pool_size=1");
  const login = { role: 'clusterkit_web', password: new Secret('a:b@c') };
  expect(databaseUrl(login, "it's mine").reveal()).toBe(
    'postgresql://clusterkit_web:a%3Ab%40c@pool:5432/database',
  );
});
