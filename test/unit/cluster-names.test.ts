import { expect, test } from 'vitest';
import { DATABASE_QUERY, objectName } from '../../lib/cluster-names.js';

test('objectName is what people see in the engine', () => {
  expect(objectName('local', 'server')).toBe('clusterkit-local-server');
  expect(objectName('local', 'data')).toBe('clusterkit-local-data');
});

test('the health query takes the password from its file and is a real query', () => {
  expect(DATABASE_QUERY).toBe(
    'PGPASSWORD="$(cat /run/clusterkit/database-password)" PGCONNECT_TIMEOUT=3 ' +
      "psql -h database -U prisma -d prisma -qtAc 'select 1'",
  );
});
