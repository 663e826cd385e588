import { z } from 'zod';
import { address, bind } from '../../cluster/settings/address.js';
import { apps } from '../../cluster/settings/apps/schema.js';
import {
  database,
  gateway,
  kind,
  limits,
  portWith,
  server,
} from '../../cluster/settings/common-schema.js';
import type { ClusterEntry } from '../../cluster/settings/entry.js';
import type { ClusterSettings } from '../../cluster/settings/settings.js';
import type { Problem } from '../../lib/errors.js';
import type { TargetSettings } from '../target-settings.js';
import { addressProblems, bindOf, LOOPBACK } from './address.js';

/** A cluster on the Docker engine of this machine. */
export interface DockerSettings extends ClusterSettings {
  readonly target: 'docker';
  /** Where this machine reaches the published port: a name or an IP address. */
  readonly address: string;
  /** IP address of the engine's machine on which the port is published. */
  readonly bind: string;
}

/** Schema and defaults of such a cluster in `clusters.yml`. */
export const dockerSettings: TargetSettings<DockerSettings> = {
  shape: {
    target: z.literal('docker').describe('The Docker engine of this machine.'),
    port: portWith('Port of the server, published on bind.'),
    address: address.optional(),
    bind: bind.optional(),
    kind,
    limits: limits.optional(),
    gateway,
    server,
    database,
    apps,
  },
  complete: (entry, common) => {
    const { address = LOOPBACK } = entry;
    return { ...common, target: 'docker', address, bind: bindOf(entry) };
  },
  problems: (path, entry) => [...addressProblems(path, entry), ...databaseProblems(path, entry)],
};

const databaseProblems = (path: string, { database }: ClusterEntry): Problem[] =>
  'external' in database && database.external.checkFrom === 'host'
    ? [
        {
          path: `${path}.database.external.checkFrom`,
          message: 'is host, but this machine is the host',
          hint: 'Remove it; it is for clusters on other machines.',
        },
      ]
    : [];
