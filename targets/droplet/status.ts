import { unreachable } from '../../clients/ssh/ssh-errors.js';
import { idsIn, outputsIn, type State } from '../../clients/terraform/state/state.js';
import { KitError } from '../../lib/errors.js';
import { beforeAbort, timeLimit } from '../../lib/time-limit.js';
import { runsOn } from '../common/container-runs.js';
import {
  allContainers,
  type ContainersFound,
  containersOn,
  usageOn,
} from '../common/container-states.js';
import type { ClusterContext } from '../context.js';
import type { Machine } from '../machine.js';
import { type DropletMachine, engines } from './engines.js';
import { readKnownHosts } from './keys/known-hosts.js';
import { dataUsage, usageProblems } from './machine/data-usage.js';
import { type DropletSettings, dropletEndpoint } from './settings.js';

/** Timeout for the containers: a droplet that does not answer must not delay the rest. */
const STATUS_MS = 8000;

/** Endpoint of a cluster on a droplet; `null`: it has never been created that far. */
export async function endpoint(
  settings: DropletSettings,
  { keyDirectory }: ClusterContext,
  state: State | undefined,
): Promise<string | null> {
  const known = state && outputsIn(state).endpoint;
  if (known !== undefined) return known;
  const hosts = await readKnownHosts(keyDirectory).catch(nothing);
  return hosts === undefined ? null : dropletEndpoint(hosts.host, settings);
}

/**
 * The containers on a droplet, as its engine reports them over ssh, and the usage of services. Failures are
 * reported as problems, not thrown.
 */
export async function status(
  settings: DropletSettings,
  { keyDirectory, signal }: ClusterContext,
  state: State | undefined,
): Promise<ContainersFound> {
  const limit = timeLimit(STATUS_MS, signal);
  let opening: Promise<readonly DropletMachine[]> | undefined;
  try {
    const hosts = await readKnownHosts(keyDirectory);
    if (hosts === undefined && state && idsIn(state).size === 0)
      return { containers: allContainers(settings, 'absent'), problems: [] };
    opening = engines({ keyDirectory }, limit, STATUS_MS);
    const machines = await beforeAbort(limit, opening);
    const containers = await beforeAbort(limit, containersOn(machines, settings));
    const runs = await beforeAbort(limit, runsOn(machines, settings));
    const data = await dataOn(settings, machines, limit);
    const usage = await usageOn(machines, settings, containers, signal);
    return { containers, runs, ...usage, ...data };
  } catch (error) {
    signal.throwIfAborted();
    const problems = problemsOf(limit.aborted ? await silent(keyDirectory) : error);
    return { containers: allContainers(settings, 'unreachable'), problems };
  } finally {
    // Also closes connections that came too late, or whose engine does not answer.
    opening?.then(closeAll, nothing);
  }
}

/** Size and use of the volume. Its own failure is a problem, and nothing else is missing then. */
async function dataOn(
  settings: DropletSettings,
  machines: readonly DropletMachine[],
  signal: AbortSignal,
): Promise<Pick<ContainersFound, 'data' | 'problems'>> {
  const [machine] = machines;
  if (settings.volume === false || machine === undefined) return { problems: [] };
  try {
    const data = await dataUsage(machine.shell, { timeoutMs: STATUS_MS, signal });
    return { data, problems: usageProblems(data, machine.name) };
  } catch (error) {
    signal.throwIfAborted();
    return { problems: problemsOf(error) };
  }
}

const closeAll = (machines: readonly Machine[]) => {
  for (const machine of machines) machine.close();
};

async function silent(keys: string): Promise<KitError> {
  const hosts = await readKnownHosts(keys).catch(nothing);
  return unreachable(hosts?.host ?? keys, new Error(`no answer within ${STATUS_MS / 1000} s`));
}

/** Errors of the engine itself are no KitErrors. */
const problemsOf = (error: unknown) =>
  error instanceof KitError
    ? error.problems
    : [{ message: `the droplet’s engine: ${error instanceof Error ? error.message : error}` }];

const nothing = () => undefined;
