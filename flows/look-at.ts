import { connectEngine } from '../lib/engine/connect.js';
import { KitError, type Problem } from '../lib/errors.js';
import { keyDirectory } from '../lib/keys/key-directory.js';
import { readSecrets } from '../lib/keys/key-store.js';
import type { Secret } from '../lib/secret.js';
import {
  type ClusterEntry,
  type ClusterSettings,
  endpointOf,
} from '../lib/settings/cluster-settings.js';
import { assertSameTarget } from '../lib/terraform/state-target.js';
import type { Strangers } from '../lib/tokens/strangers.js';
import type { ClusterWorld } from './cluster-world.js';
import { endpointOfDroplet, partsOnDroplet } from './droplet/look-at.js';
import { bothParts, type PartStates, type PartsFound, partStates } from './part-states.js';
import { type EntryState, entryStateOf } from './plan-cluster.js';
import { type EntryHealth, OFFLINE, probeEntry } from './probe-entry.js';
import { stateFileOf } from './workspace.js';

const PROBE_MS = 3000;

/** What `clusterkit status` reports of one cluster. Stable. */
export interface StatusResult {
  readonly cluster: string;
  readonly target: ClusterEntry['target'];
  /** `null`: the cluster has none yet. */
  readonly endpoint: string | null;
  /** Every part is there and well. */
  readonly healthy: boolean;
  /** `running`, `exited`, …, `absent`; `unreachable` and `unknown` when `problems` tell why. */
  readonly containers: PartStates;
  /** `null`: nothing answers, or no Prisma 1 server. */
  readonly version: string | null;
  readonly auth: EntryHealth['auth'];
  readonly registry: EntryState | 'unknown';
  /** What was in the way of looking. */
  readonly problems: readonly Problem[];
}

/** How a cluster is looked at. */
export interface Look {
  /** What is in the way of looking is told beside what can be seen, or thrown. */
  readonly faults: 'told' | 'thrown';
  readonly strangers: Promise<Strangers>;
}

/**
 * Reads where a cluster stands from the world: engine, server, registry. Changes nothing. A droplet
 * that cannot be reached is always told, never thrown: it is a state of the cluster.
 *
 * @throws KitError when faults are thrown: `engine-unreachable` (exit 3), `key-invalid`,
 *   `registry-malformed`, `target-changed` (exit 2)
 */
export async function lookAt(
  settings: ClusterSettings,
  world: ClusterWorld,
  look: Look,
): Promise<StatusResult> {
  const { name, target } = settings;
  const { project, signal } = world;
  const faults = new Faults(look.faults);
  const endpoint =
    settings.target === 'docker' ? endpointOf(settings) : await endpointOfDroplet(settings, world);
  const keys = keyDirectory(project.stateDir, name);
  await faults.of(assertSameTarget(settings, stateFileOf(world)));
  const secrets = await faults.of(readSecrets(keys, settings.server.auth));
  // Without the secret nobody can tell whether the entry has it.
  const areReadable = faults.problems.length === 0;
  const [found, server, entry] = await Promise.all([
    target === 'docker' ? partsHere(name, look.faults) : partsOnDroplet(world),
    endpoint === null ? OFFLINE : probe(endpoint, secrets?.clusterSecret, look, signal),
    areReadable ? faults.of(entryStateOf(settings, world, endpoint ?? '')) : undefined,
  ]);
  signal.throwIfAborted();
  const { containers } = found;
  const { version, auth } = server;
  const registry = entry ?? 'unknown';
  const problems = [...faults.problems, ...found.problems];
  const healthy =
    containers.database === 'running' &&
    containers.server === 'running' &&
    auth === 'ok' &&
    registry === 'current' &&
    problems.length === 0;
  return {
    cluster: name,
    target,
    endpoint,
    healthy,
    containers,
    version,
    auth,
    registry,
    problems,
  };
}

async function probe(
  host: string,
  clusterSecret: Secret | undefined,
  { strangers }: Look,
  signal: AbortSignal,
): Promise<EntryHealth> {
  return probeEntry({
    host,
    clusterSecret,
    strangers: await strangers,
    now: new Date(),
    signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]),
  });
}

/** A cluster whose settings are no good: nothing of it was looked at. */
export const notLookedAt = (
  cluster: string,
  target: ClusterEntry['target'],
  { problems }: KitError,
): StatusResult => ({
  cluster,
  target,
  endpoint: null,
  healthy: false,
  containers: bothParts('unknown'),
  version: null,
  auth: 'unknown',
  registry: 'unknown',
  problems,
});

async function partsHere(cluster: string, how: Look['faults']): Promise<PartsFound> {
  const faults = new Faults(how);
  const containers = await faults.of(connectEngine().then((engine) => partStates(engine, cluster)));
  return { containers: containers ?? bothParts('unreachable'), problems: faults.problems };
}

/** What went wrong in the world, kept to be told. */
class Faults {
  readonly problems: Problem[] = [];

  constructor(private readonly how: Look['faults']) {}

  async of<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      if (this.how === 'thrown' || !(error instanceof KitError)) throw error;
      this.problems.push(...error.problems);
      return undefined;
    }
  }
}
