import { findClusterObjects } from '../lib/engine/cluster-objects.js';
import { connectEngine } from '../lib/engine/connect.js';
import { keyDirectory } from '../lib/keys/key-directory.js';
import { readSecrets } from '../lib/keys/key-store.js';
import { type DockerSettings, endpointOf } from '../lib/settings/cluster-settings.js';
import { newStrangers } from '../lib/tokens/strangers.js';
import type { ClusterWorld } from './cluster-world.js';
import { entryStateOf } from './plan-cluster.js';
import { type EntryHealth, probeEntry } from './probe-entry.js';

const PROBE_MS = 3000;

/** What `clusterkit status` reports of one cluster. Stable. */
export interface StatusResult {
  readonly cluster: string;
  readonly endpoint: string;
  /** Every part is there and well. */
  readonly healthy: boolean;
  /** Container states: `running`, `exited`, … or `absent`. */
  readonly containers: { readonly database: string; readonly server: string };
  /** `null`: nothing answers, or no Prisma 1 server. */
  readonly version: string | null;
  readonly auth: EntryHealth['auth'];
  readonly registry: 'absent' | 'current' | 'differs';
}

/** Reads where a cluster stands from the world: engine, server, registry. Changes nothing. */
export async function lookAt(settings: DockerSettings, world: ClusterWorld): Promise<StatusResult> {
  const endpoint = endpointOf(settings);
  const objects = await findClusterObjects(await connectEngine(), settings.name);
  const stateOf = (role: string) =>
    objects.find((each) => each.kind === 'container' && each.role === role)?.state ?? 'absent';
  const containers = { database: stateOf('database'), server: stateOf('server') };
  const registry = await entryStateOf(settings, world);
  const secrets = await readSecrets(
    keyDirectory(world.project.stateDir, settings.name),
    settings.server.auth,
  );
  const { version, auth } = await probeEntry({
    host: endpoint,
    clusterSecret: secrets?.clusterSecret,
    strangers: await newStrangers(),
    now: new Date(),
    signal: AbortSignal.any([world.signal, AbortSignal.timeout(PROBE_MS)]),
  });
  const healthy =
    containers.database === 'running' &&
    containers.server === 'running' &&
    auth === 'ok' &&
    registry === 'current';
  return { cluster: settings.name, endpoint, healthy, containers, version, auth, registry };
}
