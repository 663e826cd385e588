import type { Connector } from '../databases.js';
import { SPARE_CONNECTIONS } from './relay-memory.js';

/**
 * Options of a JVM whose heap is a part of its container's memory. The other parts have bounds too: without
 * them buffers outside of the heap may grow as large as the heap, and the engine kills the server. Upstream's
 * servers take 130 MB of metaspace and code.
 *
 * @param own of the user; they come last, so that they win
 */
export const javaOptions = (heapMb: number, own?: string): string =>
  [
    `-Xmx${heapMb}m`,
    '-XX:MaxMetaspaceSize=160m',
    '-XX:MaxDirectMemorySize=64m',
    '-XX:ReservedCodeCacheSize=64m',
    ...(own === undefined ? [] : [own]),
  ].join(' ');

/**
 * Options of Node.js. A small young generation is collected often: without the bound, buffers that nobody
 * needs any more wait for a collection until they take 64 MB.
 */
export const nodeOptions = (heapMb: number): string[] => [
  `--max-old-space-size=${heapMb}`,
  `--max-semi-space-size=${heapMb < 256 ? 1 : 8}`,
];

/** Connections that a database accepts by default. */
const DEFAULT_CONNECTIONS: Readonly<Record<Connector, number>> = { postgres: 100, mysql: 151 };

/**
 * Connections that a database of a cluster accepts.
 * @param connections that the server opens, if more than by default
 */
export const maxConnections = (connector: Connector, connections = 0): number =>
  Math.max(DEFAULT_CONNECTIONS[connector], connections + SPARE_CONNECTIONS);

/**
 * The command of a database whose cache is a quarter of its container's memory.
 * @param connections that the server opens, if more than by default
 */
export function databaseCommand(
  connector: Connector,
  memoryMb: number,
  connections = 0,
): readonly string[] {
  const most = maxConnections(connector, connections);
  const isMore = most > DEFAULT_CONNECTIONS[connector];
  if (connector === 'postgres') {
    return [
      ...['postgres', '-c', `shared_buffers=${Math.floor(memoryMb / 4)}MB`],
      ...(isMore ? ['-c', `max_connections=${most}`] : []),
    ];
  }
  return [
    ...['mysqld', `--innodb-buffer-pool-size=${poolOf(memoryMb / 4)}M`],
    ...(isMore ? [`--max-connections=${most}`] : []),
  ];
}

/** InnoDB rounds up to chunks of 128 MB, from 1 GB on for each of 8 instances: so this rounds down. */
function poolOf(memoryMb: number): number {
  const chunk = memoryMb >= 1024 ? 1024 : memoryMb >= 128 ? 128 : 1;
  return Math.floor(memoryMb / chunk) * chunk;
}
