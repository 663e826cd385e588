import { z } from 'zod';
import {
  database,
  gateway,
  kind,
  limits,
  portWith,
  server,
} from '../../cluster/settings/common-schema.js';
import type { ClusterSettings } from '../../cluster/settings/settings.js';
import type { TargetSettings } from '../target-settings.js';

/** A cluster on the Docker engine of this machine. */
export interface DockerSettings extends ClusterSettings {
  readonly target: 'docker';
}

/** Where clients reach a server on this machine; the host of its registry entry. */
export const endpointOf = ({ port }: Pick<DockerSettings, 'port'>) => `http://localhost:${port}`;

/** Schema and defaults of such a cluster in `clusters.yml`. */
export const dockerSettings: TargetSettings<DockerSettings> = {
  shape: {
    target: z.literal('docker').describe('The Docker engine of this machine.'),
    port: portWith('Port of the server on this machine, bound to loopback.'),
    kind,
    limits: limits.optional(),
    gateway,
    server,
    database,
  },
  complete: (_, common) => ({ ...common, target: 'docker' }),
  problems: (path, { database }) =>
    'external' in database && database.external.checkFrom === 'host'
      ? [
          {
            path: `${path}.database.external.checkFrom`,
            message: 'is host, but this machine is the host',
            hint: 'Remove it; it is for clusters on other machines.',
          },
        ]
      : [],
};
