import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { logTail, whyStopped } from '../../clients/docker/container-log.js';
import { engineOptions } from '../../cluster/containers/engine-options.js';
import { objectName } from '../../cluster/names.js';
import {
  type EnsureOutcome,
  ensureContainer,
  ensureVolume,
} from '../../cluster/objects/ensure-objects.js';
import { environmentError } from '../../lib/errors.js';
import { retryUntil } from '../../lib/retry-until.js';
import { describeRuntime, type RuntimeProps } from './describe-runtime.js';
import { assertActivatorServes } from './function-states.js';

const READY_MS = 30_000;

/** What became of the two containers. */
export type RuntimeOutcome = Readonly<Record<'waker' | 'activator', EnsureOutcome>>;

/**
 * Makes what runs functions, or replaces what differs, and waits until it serves. The cluster's network and the
 * image must exist. Can be interrupted and repeated.
 *
 * @throws KitError `engine-socket-absent`, `functions-not-ready`, `name-taken` (exit 3)
 */
export async function ensureRuntime(engine: Engine, props: RuntimeProps): Promise<RuntimeOutcome> {
  const { volumes, containers } = describeRuntime(props);
  for (const volume of volumes) await ensureVolume(engine, volume);
  const [waker, activator] = containers.map((each) => engineOptions(each, ''));
  if (waker === undefined || activator === undefined) throw new Error('there are two containers');
  const outcome = {
    waker: await ensureContainer(engine, waker).catch(explainSocket(props.socketPath)),
    activator: await ensureContainer(engine, activator),
  };
  await awaitRuntime(engine, props.cluster);
  return outcome;
}

async function awaitRuntime(engine: Engine, cluster: string): Promise<void> {
  try {
    await retryUntil(() => assertActivatorServes(engine, cluster), { timeoutMs: READY_MS });
  } catch (cause) {
    const roles = ['activator', 'waker'] as const;
    const problems = roles.map(async (role) => {
      const container = engine.getContainer(objectName(cluster, role));
      const why = (await whyStopped(container)) ?? (cause as Error).message;
      return { path: container.id, message: `${why}\n${await logTail(container, 10)}` };
    });
    throw environmentError('functions-not-ready', await Promise.all(problems));
  }
}

/** The engine names the missing file in its own words. */
const explainSocket = (path: string) => (cause: Error) => {
  if (statusOf(cause) !== 400 || !/bind source path does not exist/.test(cause.message)) {
    throw cause;
  }
  throw environmentError('engine-socket-absent', {
    path,
    message: "the engine's machine has no socket there, which is needed to wake functions",
    hint: 'Functions need an engine that listens on a unix socket of its machine. Check its settings.',
    cause,
  });
};
