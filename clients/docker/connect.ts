import type Docker from 'dockerode';
import { environmentError } from '../../lib/errors.js';
import { timeLimit } from '../../lib/time-limit.js';
import type { EngineAddress } from './address/engine-address.js';
import { createClient } from './client.js';
import { requireFitting, type VersionAnswer } from './require-fitting.js';
import { unreachable } from './unreachable.js';

/** A connection to a Docker engine. */
export type Engine = Docker;

/** Another machine needs longer, above all for its ssh. */
const ANSWER_MS = { socket: 5000, network: 15_000 };

/**
 * Connects to the engine and checks that it answers and is new enough.
 * @throws KitError (exit 3) `engine-unreachable`, `engine-forbidden`, `engine-tls-failed`, `engine-too-old`;
 * `engine-misconfigured` (exit 2)
 */
export async function connectEngine(
  address: EngineAddress,
  env: NodeJS.ProcessEnv,
  timeoutMs = address.host.startsWith('unix:') ? ANSWER_MS.socket : ANSWER_MS.network,
  /** Limit of every later call. @default 120000 */
  limitMs?: number,
): Promise<Engine> {
  const engine = await createClient(address, env, limitMs);
  const signal = timeLimit(timeoutMs);
  const answer = await asking(engine)
    .version({ abortSignal: signal })
    .catch(async (error: Error) => {
      if (signal.aborted) throw await unreachable(address, late(timeoutMs));
      if (statusOf(error) === 404) return {};
      throw statusOf(error) === undefined ? error : await unreachable(address, error.cause);
    });
  requireFitting(address, answer);
  return engine;
}

/** The library's types lack the signal. */
interface Asking {
  version(options: { abortSignal: AbortSignal }): Promise<VersionAnswer>;
  ping(options: { abortSignal: AbortSignal }): Promise<unknown>;
}
const asking = (engine: Engine) => engine as unknown as Asking;

const late = (timeoutMs: number) => new Error(`no answer within ${timeoutMs} ms`);

/** Checks that an engine answers. @throws KitError `engine-unreachable` (exit 3) */
export async function assertAnswers(
  engine: Engine,
  address: string,
  timeoutMs: number,
): Promise<void> {
  const signal = timeLimit(timeoutMs);
  try {
    await asking(engine).ping({ abortSignal: signal });
  } catch (error) {
    throw noAnswer(address, signal.aborted ? late(timeoutMs) : error);
  }
}

/** The engine of another machine does not answer. */
export function noAnswer(address: string, cause: unknown) {
  const message = `no Docker engine answers (${cause instanceof Error ? cause.message : cause})`;
  const hint =
    'Is the engine of that machine running? Run the command again; `clusterkit logs` shows more.';
  return environmentError('engine-unreachable', { path: address, message, hint, cause });
}

/** The HTTP status of an engine's error: 404 not found, 409 conflict. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}
