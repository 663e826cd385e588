import type { SshConnection } from '../../clients/ssh/ssh-connection.js';
import { unreachable } from '../../clients/ssh/ssh-errors.js';
import { idsIn } from '../../clients/terraform/state/ids.js';
import { outputsIn } from '../../clients/terraform/state/outputs.js';
import type { State } from '../../clients/terraform/state/state.js';
import type { ClusterWorld } from '../../cluster/context.js';
import { keyDirectory } from '../../cluster/keys/key-directory.js';
import { rolesOf } from '../../cluster/roles.js';
import { KitError } from '../../lib/errors.js';
import { type DropletSettings, dropletEndpoint } from '../clusters-file/cluster-settings.js';
import { type PartsFound, partStates, statesOf, usageIn } from '../common/part-states.js';
import { engineOf, openDroplet } from './engines.js';
import { readKnownHosts } from './keys/known-hosts.js';

/** For all of it: a droplet that does not answer keeps nobody from the rest for long. */
const LOOK_MS = 8000;

type World = Pick<ClusterWorld, 'project' | 'cluster' | 'signal'>;

/** Where clients reach the server of a cluster on a droplet; `null`: it has never come that far. */
export async function endpointOfDroplet(
  settings: DropletSettings,
  { project, cluster }: World,
  state: State | undefined,
): Promise<string | null> {
  const endpoint = state && outputsIn(state).endpoint;
  if (endpoint !== undefined) return endpoint;
  const known = await readKnownHosts(keyDirectory(project.stateDir, cluster)).catch(nothing);
  return known === undefined ? null : dropletEndpoint(known.host, settings);
}

/**
 * The containers on a droplet, as its own engine tells them over ssh, and what services use. Whatever
 * is in the way of that is told, not thrown.
 */
export async function partsOnDroplet(
  settings: DropletSettings,
  world: World,
  state: State | undefined,
): Promise<PartsFound> {
  const { project, cluster, signal } = world;
  const keys = keyDirectory(project.stateDir, cluster);
  const late = AbortSignal.timeout(LOOK_MS);
  let connection: SshConnection | undefined;
  const all = (state: string) => statesOf(rolesOf(settings), () => state);
  try {
    const known = await readKnownHosts(keys);
    if (known === undefined && state && idsIn(state).size === 0)
      return { containers: all('absent'), problems: [] };
    const look = async (either: AbortSignal) => {
      connection = await openDroplet(keys, either);
      const engine = await engineOf(connection, LOOK_MS);
      return { engine, containers: await partStates(engine, settings) };
    };
    const { engine, containers } = await before(AbortSignal.any([signal, late]), look);
    const usage = await usageIn(engine, settings, containers, signal);
    return { containers, ...usage, problems: [] };
  } catch (error) {
    signal.throwIfAborted();
    const problems = problemsOf(late.aborted ? await silent(keys) : error);
    return { containers: all('unreachable'), problems };
  } finally {
    connection?.close();
  }
}

/** Ends at the latest when `signal` does. */
function before<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([work(signal), late]);
}

async function silent(keys: string): Promise<KitError> {
  const known = await readKnownHosts(keys).catch(nothing);
  return unreachable(known?.host ?? keys, new Error(`no answer within ${LOOK_MS / 1000} s`));
}

/** What the engine itself refuses is no KitError. */
const problemsOf = (error: unknown) =>
  error instanceof KitError
    ? error.problems
    : [{ message: `the droplet’s engine: ${error instanceof Error ? error.message : error}` }];

const nothing = () => undefined;
