import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Engine } from '../../clients/docker/connect.js';
import { logTail } from '../../clients/docker/container-log.js';
import { environmentError } from '../../lib/errors.js';
import { redact, type Secret } from '../../lib/secret.js';
import { beforeAbort } from '../../lib/time-limit.js';

/** Input of {@link awaitHealthy}. */
export interface HealthWait {
  readonly engine: Engine;
  /** Name of the container. */
  readonly name: string;
  /** Path of the application in its file, for messages. */
  readonly path: string;
  /** Why it cannot serve yet; `undefined`: it can. @default - it receives no requests: it has to stay up */
  readonly ask?: (() => Promise<string | undefined>) | undefined;
  /** It has a health path; for the hint. */
  readonly hasHealth: boolean;
  /** Secrets to leave out of its log. */
  readonly secrets: readonly Secret[];
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

const PAUSE_MS = 200;
/** How long an instance without a port has to stay up. */
const STEADY_MS = 2000;
/** One that needs its database may fail a few times first. */
const RESTARTS_ALLOWED = 3;

/**
 * Waits until an instance can serve.
 * @throws KitError (exit 3) `app-ended` when it ends, `app-unhealthy` when it cannot serve in time; with the end of
 * its log
 */
export async function awaitHealthy(wait: HealthWait): Promise<void> {
  const { engine, name, ask, limitMs, signal } = wait;
  const container = engine.getContainer(name);
  const end = performance.now() + limitMs;
  let last = 'no answer yet';
  // One that is started again has forgotten how it ended.
  let lastEnd: State | undefined;
  while (performance.now() < end) {
    signal.throwIfAborted();
    const { State, RestartCount } = await container.inspect();
    if (!State.Running || State.Restarting) lastEnd = State;
    if (hasEnded(State) || RestartCount >= RESTARTS_ALLOWED) {
      throw await ended(wait, lastEnd ?? State);
    }
    if (ask === undefined) {
      if (isSteady(State)) return;
      last = healthOf(State) ?? 'it does not stay up';
    } else if (State.Running && !State.Restarting) {
      const why = await beforeAbort(signal, ask());
      if (why === undefined) return;
      last = why;
    }
    await sleep(PAUSE_MS, undefined, { signal });
  }
  throw await failure(
    wait,
    'app-unhealthy',
    `does not become healthy within ${limitMs / 1000} s (last: ${last})`,
    `${needOf(wait)} The release before goes on.`,
  );
}

function needOf({ ask, hasHealth }: HealthWait): string {
  if (ask === undefined) {
    return 'It must stay up; and where its image has a health check, that must succeed.';
  }
  return hasHealth
    ? 'Its health path must answer with 200.'
    : 'It must listen on the port that PORT names, on all addresses (0.0.0.0).';
}

type State = Docker.ContainerInspectInfo['State'] & { readonly Restarting?: boolean };

const hasEnded = ({ Status }: State) => Status === 'exited' || Status === 'dead';

/** An image's own health check decides when there is one. */
const healthOf = ({ Health }: State) => (Health ? `health check: ${Health.Status}` : undefined);

function isSteady(state: State): boolean {
  if (!state.Running || state.Restarting) return false;
  if (state.Health) return state.Health.Status === 'healthy';
  return Date.now() - Date.parse(state.StartedAt) > STEADY_MS;
}

async function ended(wait: HealthWait, { ExitCode, OOMKilled }: State) {
  const why = OOMKilled ? ', killed because it needs more memory' : '';
  return failure(
    wait,
    'app-ended',
    `ends instead of serving (exit code ${ExitCode}${why})`,
    OOMKilled
      ? 'Set memory to more. The release before goes on.'
      : 'Its log says why. The release before goes on.',
  );
}

async function failure(
  { engine, name, path, secrets }: HealthWait,
  code: string,
  message: string,
  hint: string,
) {
  const log = redact(await logTail(engine.getContainer(name)), secrets);
  return environmentError(code, { path, message: `${message}\n${log}`, hint });
}
