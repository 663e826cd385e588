import { dirname } from 'node:path';
import { connectEngine } from '../clients/docker/connect.js';
import { knownState, readState } from '../clients/terraform/state/read-state.js';
import type { State } from '../clients/terraform/state/state.js';
import type { ClusterWorld } from '../cluster/context.js';
import { keyDirectory } from '../cluster/keys/key-directory.js';
import { readSecrets } from '../cluster/keys/key-store.js';
import { rolesOf } from '../cluster/roles.js';
import { KitError, type Problem } from '../lib/errors.js';
import type { Secret } from '../lib/secret.js';
import { type ServerTrust, trustIn } from '../prisma/probe/server-trust.js';
import type { Strangers } from '../prisma/tokens/strangers.js';
import type { UsageReport } from '../prisma/usage-report.js';
import { type EntryHealth, OFFLINE, probeEntry } from '../registry/probe-entry.js';
import {
  type ClusterEntry,
  type ClusterSettings,
  type DockerSettings,
  endpointOf,
} from '../targets/clusters-file/cluster-settings.js';
import {
  type PartStates,
  type PartsFound,
  partStates,
  statesOf,
  usageIn,
} from '../targets/common/part-states.js';
import { assertSameTarget } from '../targets/common/same-target.js';
import { tlsFacts } from '../targets/common/stages/facts.js';
import { certificateOf } from '../targets/common/stages/tls-configuration.js';
import { stateFileOf } from '../targets/common/workspace.js';
import { type EntryState, entryStateOf } from '../targets/docker/plan.js';
import { endpointOfDroplet, partsOnDroplet } from '../targets/droplet/status.js';

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
  /**
   * Of development clusters: what services use of their limits, measured now; `null` when `problems`
   * tell why nobody knows, or the gateway does not run. Nothing of it makes a cluster unhealthy.
   */
  readonly usage?: UsageReport | null;
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
 * that cannot be reached and a damaged state file are always told, never thrown: they keep nobody from
 * the rest.
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
  const file = await readState(stateFileOf(world));
  const state = knownState(file);
  const endpoint =
    settings.target === 'docker'
      ? endpointOf(settings)
      : await endpointOfDroplet(settings, world, state);
  const keys = keyDirectory(project.stateDir, name);
  await faults.of(sameTarget(settings, state));
  const secrets = await faults.of(readSecrets(keys, settings.server.auth));
  const trust = await faults.of(trustOf(settings, keys, project.stateDir));
  // Without the secret nobody can tell whether the entry has it.
  const areReadable = faults.problems.length === 0;
  const [found, server, entry] = await Promise.all([
    settings.target === 'docker'
      ? partsHere(settings, look.faults, signal)
      : partsOnDroplet(settings, world, state),
    endpoint === null ? OFFLINE : probe(endpoint, trust, secrets?.clusterSecret, look, signal),
    areReadable ? faults.of(entryStateOf(settings, world, endpoint ?? '')) : undefined,
  ]);
  signal.throwIfAborted();
  const { containers, usage } = found;
  const { version, auth } = server;
  const registry = entry ?? 'unknown';
  const refused = endpoint === null ? [] : refusalProblems(endpoint, server);
  const lost = file.kind === 'unreadable' ? file.error.problems : [];
  const problems = [...faults.problems, ...lost, ...found.problems, ...refused];
  const usageProblems = usage && 'problem' in usage ? [usage.problem] : [];
  const healthy =
    Object.values(containers).every((state) => state === 'running') &&
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
    ...(settings.gateway?.limits && { usage: usage && 'report' in usage ? usage.report : null }),
    problems: [...problems, ...usageProblems],
  };
}

async function sameTarget(settings: ClusterSettings, state: State | undefined): Promise<void> {
  if (state !== undefined) assertSameTarget(settings, state);
}

async function trustOf(
  settings: ClusterSettings,
  keys: string,
  stateDir: string,
): Promise<ServerTrust | undefined> {
  if (settings.target === 'docker') return undefined;
  const pem = await certificateOf(tlsFacts(settings, dirname(stateDir)).tls, keys);
  return pem === undefined ? undefined : trustIn(pem);
}

const refusalProblems = (path: string, { refusal, message }: EntryHealth): Problem[] =>
  refusal === undefined
    ? []
    : [{ path, message: message ?? 'its certificate is refused', hint: refusal.hint }];

async function probe(
  host: string,
  trust: ServerTrust | undefined,
  clusterSecret: Secret | undefined,
  { strangers }: Look,
  signal: AbortSignal,
): Promise<EntryHealth> {
  return probeEntry({
    host,
    trust,
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
  containers: statesOf([], () => 'unknown'),
  version: null,
  auth: 'unknown',
  registry: 'unknown',
  problems,
});

async function partsHere(
  settings: DockerSettings,
  how: Look['faults'],
  signal: AbortSignal,
): Promise<PartsFound> {
  const faults = new Faults(how);
  const look = async () => {
    const engine = await connectEngine();
    const containers = await partStates(engine, settings);
    return { containers, ...(await usageIn(engine, settings, containers, signal)) };
  };
  const unreachable = { containers: statesOf(rolesOf(settings), () => 'unreachable') };
  return { ...((await faults.of(look())) ?? unreachable), problems: faults.problems };
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
