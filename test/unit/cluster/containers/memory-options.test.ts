import { expect, test } from 'vitest';
import {
  databaseCommand,
  javaOptions,
  nodeOptions,
} from '../../../../cluster/containers/memory-options.js';

test('a JVM: its heap, and bounds of what is besides it; the options of the user come last', () => {
  const ours =
    '-Xmx704m -XX:MaxMetaspaceSize=160m -XX:MaxDirectMemorySize=64m -XX:ReservedCodeCacheSize=64m';
  expect(javaOptions(704)).toBe(ours);
  expect(javaOptions(704, '-Xmx600m -XX:+UseG1GC')).toBe(`${ours} -Xmx600m -XX:+UseG1GC`);
});

test('Node.js: its heap, and a small young generation in a small container', () => {
  expect(nodeOptions(34)).toEqual(['--max-old-space-size=34', '--max-semi-space-size=1']);
  expect(nodeOptions(704)).toEqual(['--max-old-space-size=704', '--max-semi-space-size=8']);
});

test('PostgreSQL: a cache of a quarter, and more connections only if more are needed', () => {
  expect(databaseCommand('postgres', 512)).toEqual(['postgres', '-c', 'shared_buffers=128MB']);
  expect(databaseCommand('postgres', 256, 80)).toEqual(['postgres', '-c', 'shared_buffers=64MB']);
  expect(databaseCommand('postgres', 2602, 110)).toEqual([
    ...['postgres', '-c', 'shared_buffers=650MB', '-c', 'max_connections=130'],
  ]);
});

test('MySQL: a cache that it does not round up beyond a quarter', () => {
  const pool = (mb: number) => databaseCommand('mysql', mb)[1];
  expect(databaseCommand('mysql', 256)).toEqual(['mysqld', '--innodb-buffer-pool-size=64M']);
  expect(pool(512)).toBe('--innodb-buffer-pool-size=128M');
  expect(pool(2602)).toBe('--innodb-buffer-pool-size=640M');
  expect(pool(7000)).toBe('--innodb-buffer-pool-size=1024M');
  expect(databaseCommand('mysql', 512, 280)[2]).toBe('--max-connections=300');
});
