import type { ContainerConfig } from '@cdktf/provider-docker/lib/container/index.js';
import { RELAY_CONTAINER } from '../../cluster/configuration/relay-container.js';
import { environmentList } from '../../cluster/containers/container-defaults.js';
import { type Connector, DATABASES } from '../../cluster/databases.js';

type Mount = { readonly type: string; readonly target: string; readonly source?: string };

/**
 * What a database's container has that others have not.
 *
 * @param data name of the volume; `undefined`: the database is elsewhere, and a relay takes its place
 */
export function databaseOptions(connector: Connector, config: Mount, data: string | undefined) {
  const { environment, dataDirectory, query } = DATABASES[connector];
  const own =
    data === undefined
      ? { command: [...RELAY_CONTAINER.command], mounts: [config] }
      : {
          env: environmentList(environment),
          mounts: [{ type: 'volume', source: data, target: dataDirectory }, config],
          shmSize: 128,
        };
  return {
    ...own,
    healthcheck: {
      test: ['CMD-SHELL', data === undefined ? RELAY_CONTAINER.query : query],
      interval: '10s',
      timeout: '5s',
      startPeriod: '30s',
      retries: 3,
    },
    destroyGraceSeconds: 30,
  } satisfies Partial<ContainerConfig>;
}
