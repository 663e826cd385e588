import { findClusterObjects } from '../lib/engine/cluster-objects.js';
import { connectEngine } from '../lib/engine/connect.js';
import { keyDirectory } from '../lib/keys/key-directory.js';
import { newKeyPair } from '../lib/keys/key-pair.js';
import { readSecrets } from '../lib/keys/key-store.js';
import { Unreachable } from '../lib/probe/management-client.js';
import { type AuthFindings, probeAuth } from '../lib/probe/probe-auth.js';
import { readVersion } from '../lib/probe/read-version.js';
import { type ClusterSettings, endpointOf } from '../lib/settings/cluster-settings.js';
import { mintClusterToken } from '../lib/tokens/cluster-token.js';
import type { ClusterWorld } from './cluster-world.js';
import { entryStateOf } from './plan-cluster.js';

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
  readonly auth: AuthFindings['state'] | 'unknown';
  readonly registry: 'absent' | 'current' | 'differs';
}

/** Reads where a cluster stands from the world: engine, server, registry. Changes nothing. */
export async function lookAt(
  settings: ClusterSettings,
  world: ClusterWorld,
): Promise<StatusResult> {
  const endpoint = endpointOf(settings);
  const objects = await findClusterObjects(await connectEngine(), settings.name);
  const stateOf = (role: string) =>
    objects.find((each) => each.kind === 'container' && each.role === role)?.state ?? 'absent';
  const containers = { database: stateOf('database'), server: stateOf('server') };
  const registry = await entryStateOf(settings, world);
  const { version, auth } = await ask(
    endpoint,
    keyDirectory(world.project.stateDir, settings.name),
  );
  const healthy =
    containers.database === 'running' &&
    containers.server === 'running' &&
    auth === 'ok' &&
    registry === 'current';
  return { cluster: settings.name, endpoint, healthy, containers, version, auth, registry };
}

async function ask(host: string, keys: string): Promise<Pick<StatusResult, 'version' | 'auth'>> {
  try {
    const server = await readVersion(host);
    if (server === undefined) return { version: null, auth: 'unknown' };
    const [own, foreign] = [(await readSecrets(keys))?.keys, await newKeyPair()];
    const mint = (privateKey: typeof foreign.privateKey) =>
      mintClusterToken({ privateKey, ttlSeconds: 60, now: new Date() });
    const { state } = await probeAuth({
      host,
      path: server.path,
      ownToken: own && (await mint(own.privateKey)),
      foreignToken: await mint(foreign.privateKey),
    });
    return { version: server.version, auth: state };
  } catch (error) {
    if (error instanceof Unreachable) return { version: null, auth: 'unknown' };
    throw error;
  }
}
