import { RELAY_CONTAINER, relayCommand } from '../configuration/relay-container.js';
import { DATABASES } from '../databases.js';
import type { HealthCheck } from './container-description.js';
import type { ContainersProps, RoleDescription } from './containers-props.js';
import { databaseCommand, nodeOptions } from './memory-options.js';
import { relayMemory } from './relay-memory.js';

/** The database, or the relay to an external one in its place. */
export function describeDatabase(props: ContainersProps): RoleDescription {
  const { images, connector, isRelayed, memory, connections } = props;
  const common = { image: images.database, memoryMb: memory.database, stopGraceSeconds: 30 };
  if (isRelayed) {
    const command = relayCommand(nodeOptions(relayMemory(connections).heap));
    return { ...common, command, health: answers(RELAY_CONTAINER.query) };
  }
  const { environment, dataDirectory, query } = DATABASES[connector];
  return {
    ...common,
    environment,
    command: databaseCommand(connector, memory.database, connections),
    mounts: [{ volume: 'data', target: dataDirectory, readOnly: false }],
    shmMb: 128,
    health: answers(query),
  };
}

/** Timings that a loaded machine meets: see `docs/decisions/health-checks.md`. */
const answers = (query: string): HealthCheck => ({
  test: ['CMD-SHELL', query],
  intervalSeconds: 10,
  timeoutSeconds: 30,
  startPeriodSeconds: 60,
  retries: 3,
});
