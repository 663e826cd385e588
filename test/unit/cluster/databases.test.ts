import { expect, test } from 'vitest';
import { DATABASES } from '../../../cluster/databases.js';

test('the health queries take the password from its file and are real queries over the network', () => {
  expect(DATABASES.postgres.query).toBe(
    'PGPASSWORD="$(cat /run/clusterkit/database-password)" PGCONNECT_TIMEOUT=10 ' +
      "psql -h database -U prisma -d prisma -qtAc 'select 1'",
  );
  expect(DATABASES.mysql.query).toBe(
    'MYSQL_PWD="$(cat /run/clusterkit/database-password)" ' +
      "mysql -h database -P 3306 -u root --connect-timeout=10 -N -B -e 'select 1'",
  );
});

test.each(['postgres', 'mysql'] as const)('%s: the environment names files only', (connector) => {
  const secrets = Object.entries(DATABASES[connector].environment).filter(([name]) =>
    name.includes('PASSWORD'),
  );
  expect(secrets.map(([name]) => name)).toEqual([expect.stringMatching(/_FILE$/)]);
});

test('a wrong password is told from a database that is starting', () => {
  const { postgres, mysql } = DATABASES;
  expect(postgres.refusal.test('FATAL:  password authentication failed for user "prisma"')).toBe(
    true,
  );
  expect(postgres.refusal.test('FATAL:  the database system is starting up')).toBe(false);
  expect(mysql.refusal.test("ERROR 1045 (28000): Access denied for user 'root'@'172.18.0.2'")).toBe(
    true,
  );
  expect(mysql.refusal.test("ERROR 2002 (HY000): Can't connect to server on 'database'")).toBe(
    false,
  );
});
