import type { AppState } from '../apps/app-state.js';
import { knownState, readState } from '../clients/terraform/state/read-state.js';
import { idsIn, type State } from '../clients/terraform/state/state.js';
import { readClusterSecrets } from '../cluster/keys/key-store.js';
import type { ClusterSettings } from '../cluster/settings/settings.js';
import type { KitError, Problem } from '../lib/errors.js';
import type { Secret } from '../lib/secret.js';
import { timeLimit } from '../lib/time-limit.js';
import { type ServerTrust, trustIn } from '../prisma/probe/server-trust.js';
import type { ForeignCredentials } from '../prisma/tokens/foreign-credentials.js';
import type { UsageReport } from '../prisma/usage-report.js';
import { type EntryHealth, OFFLINE, probeEntry } from '../registry/probe-entry.js';
import { memoryProblems } from '../targets/common/container-runs.js';
import {
  allContainers,
  type ContainerRun,
  type ContainerStates,
  type ContainersFound,
  type DataUsage,
  statesOf,
} from '../targets/common/container-states.js';
import { rivalProblem } from '../targets/common/owner.js';
import { assertSameTarget } from '../targets/common/same-target.js';
import { commonFacts } from '../targets/common/stages/facts.js';
import { certificateOf } from '../targets/common/tls-configuration.js';
import { stateFileOf } from '../targets/common/workspace.js';
import { type ClusterContext, placesOf } from '../targets/context.js';
import { mayHaveApps } from './apps/had-apps.js';
import { appProblems, statusOfApps } from './apps/status-of-apps.js';
import type { ClusterRun } from './cluster-run.js';
import { type EntryState, entryStateOf } from './entry-state.js';
import { Faults } from './faults.js';
import { refusalProblems, silenceProblems } from './server-problems.js';
import { Steps, type StepTime } from './steps.js';

/** A healthy server on a busy machine answers much earlier; one that is down refuses at once. */
const PROBE_MS = 10_000;

/** What `clusterkit status` reports of one cluster. Stable. */
export interface StatusResult {
  readonly cluster: string;
  readonly target: string;
  /** `null`: the cluster has none yet. */
  readonly endpoint: string | null;
  /** Every container runs, the server answers, and the registry entry is current. */
  readonly healthy: boolean;
  /** Something of it exists: objects, a state, or secrets. */
  readonly made: boolean;
  /** `running`, `exited`, …, `absent`; `unreachable` and `unknown` when `problems` has the reason. */
  readonly containers: ContainerStates;
  /** How each container has run: restarts, kills for memory, since when. Empty: no engine was queried. */
  readonly runs: readonly ContainerRun[];
  /** Clusters on a droplet with a volume: size and use of the file system of the data, when the droplet answers. */
  readonly data?: DataUsage;
  /** `null`: nothing answers, or no Prisma 1 server. */
  readonly version: string | null;
  /** `refused` also when this machine has no key to try. */
  readonly auth: EntryHealth['auth'];
  /** Does this machine have the cluster's key? `unknown`: it cannot be read. */
  readonly key: 'here' | 'absent' | 'unknown';
  readonly registry: EntryState | 'unknown';
  /**
   * Development clusters only: usage of each service and its limits, measured now; `null` when it is
   * unknown (`problems` has the reason) or the gateway does not run. It does not affect `healthy`.
   */
  readonly usage?: UsageReport | null;
  /** How its applications are. @default - it has none */
  readonly apps?: readonly AppState[];
  /** Problems that prevented a check. */
  readonly problems: readonly Problem[];
  readonly steps: readonly StepTime[];
}

/** Options of {@link status}. */
export interface StatusOptions {
  /** Faults of this machine, such as an engine out of reach, are reported in the result or thrown. */
  readonly faults: 'reported' | 'thrown';
  readonly foreignCredentials: Promise<ForeignCredentials>;
}

/**
 * The steps of `status`, on every target: query engines, server and registry. Changes nothing. A
 * damaged state file is always reported, never thrown, so that the rest is still shown.
 *
 * @throws KitError when faults are thrown: `engine-unreachable` (exit 3), `key-invalid`,
 *   `registry-malformed`, `target-changed` (exit 2)
 */
export async function status(run: ClusterRun, options: StatusOptions): Promise<StatusResult> {
  const { target, settings, context, targets } = run;
  const { signal } = context;
  const faults = new Faults(options.faults);
  const steps = new Steps(context.progress);
  const file = await steps.run('read state', () => readState(stateFileOf(context)));
  const state = knownState(file);
  const endpoint = await target.endpoint(settings, context, state);
  await faults.of(async () => state && assertSameTarget(settings, state, targets));
  const secrets = await faults.of(context.secrets);
  const trust = await faults.of(() => trustOf(settings, context));
  // Without the secret the entry cannot be compared.
  const areReadable = faults.problems.length === 0;
  const engines = steps.run('ask engines', () =>
    containersOf(() => target.status(settings, context, state)),
  );
  const [found, server, entry] = await Promise.all([
    engines,
    steps.run('ask server', async () =>
      endpoint === null || (await engines).isElsewhere
        ? OFFLINE
        : probe(endpoint, trust, secrets?.clusterSecret, options, signal),
    ),
    areReadable
      ? faults.of(() => entryStateOf(context, endpoint, target.formerEndpoint?.(settings)))
      : undefined,
  ]);
  signal.throwIfAborted();
  const { containers, usage, runs = [] } = found;
  const { version, auth } = server;
  const registry = entry ?? 'unknown';
  const apps = hasServer(containers) && mayShowApps(run, state) ? await askApps() : undefined;
  const claim = await faults.of(context.owner);
  const rival = claim && rivalProblem(claim);
  const refused = endpoint === null ? [] : refusalProblems(endpoint, server);
  const silent = endpoint === null ? [] : silenceProblems(endpoint, server, found);
  const lost = file.kind === 'unreadable' ? file.error.problems : [];
  const problems = [
    ...faults.problems,
    ...(rival ? [rival] : []),
    ...lost,
    ...found.problems,
    ...refused,
    ...silent,
    ...memoryProblems(runs, settings, new Date()),
    ...appProblems(settings.name, apps ?? [], new Date()),
  ];
  const usageProblems = usage && 'problem' in usage ? [usage.problem] : [];
  const healthy =
    Object.values(containers).every((each) => each === 'running') &&
    auth === 'ok' &&
    registry === 'current' &&
    problems.length === 0;
  return {
    cluster: settings.name,
    target: target.name,
    endpoint,
    healthy,
    made: await isMade(context, state, containers),
    containers,
    runs,
    ...(found.data && { data: found.data }),
    version,
    auth,
    key:
      secrets === undefined ? 'unknown' : secrets.clusterSecret === undefined ? 'absent' : 'here',
    registry,
    ...(settings.gateway?.limits && { usage: usage && 'report' in usage ? usage.report : null }),
    ...(apps && apps.length > 0 && { apps }),
    problems: [...problems, ...usageProblems],
    steps: steps.times,
  };

  function askApps() {
    return steps.run('ask applications', () => faults.of(() => statusOfApps(run)));
  }

  async function containersOf(ask: () => Promise<ContainersFound>): Promise<ContainersFound> {
    const engines = new Faults(options.faults);
    const unreachable = { containers: allContainers(settings, 'unreachable'), problems: [] };
    const answer = (await engines.of(ask)) ?? unreachable;
    return { ...answer, problems: [...answer.problems, ...engines.problems] };
  }
}

/** Applications run beside a server, running or not. */
const hasServer = ({ server }: ContainerStates): boolean =>
  server !== 'absent' && server !== 'unreachable';

const mayShowApps = (run: ClusterRun, state: State | undefined): boolean =>
  (run.settings.apps?.length ?? 0) > 0 || (state !== undefined && mayHaveApps(run, state));

/** Does anything of the cluster exist, here or where it runs? What cannot be read may. */
async function isMade(
  { keyDirectory }: ClusterContext,
  state: State | undefined,
  containers: ContainerStates,
): Promise<boolean> {
  if (state === undefined || idsIn(state).size > 0) return true;
  if ((await readClusterSecrets(keyDirectory)).length > 0) return true;
  return Object.values(containers).some((each) => each !== 'absent' && each !== 'unreachable');
}

async function trustOf(
  settings: ClusterSettings,
  context: ClusterContext,
): Promise<ServerTrust | undefined> {
  const { tls } = commonFacts(settings, placesOf(context));
  const pem = await certificateOf(tls, context.keyDirectory);
  return pem === undefined ? undefined : trustIn(pem);
}

async function probe(
  host: string,
  trust: ServerTrust | undefined,
  clusterSecret: Secret | undefined,
  { foreignCredentials }: StatusOptions,
  signal: AbortSignal,
): Promise<EntryHealth> {
  return probeEntry({
    host,
    trust,
    clusterSecret,
    foreignCredentials: await foreignCredentials,
    now: new Date(),
    signal: timeLimit(PROBE_MS, signal),
  });
}

/** The status of a cluster whose settings are invalid: nothing was checked. */
export const unknownStatus = (
  cluster: string,
  target: string,
  { problems }: KitError,
): StatusResult => ({
  cluster,
  target,
  endpoint: null,
  healthy: false,
  made: true,
  containers: statesOf([], () => 'unknown'),
  runs: [],
  version: null,
  auth: 'unknown',
  key: 'unknown',
  registry: 'unknown',
  problems,
  steps: [],
});
