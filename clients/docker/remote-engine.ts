import type { Duplex } from 'node:stream';
import { throughStreams, withoutOwnSearch } from './client.js';
import { assertAnswers, type Engine, noAnswer } from './connect.js';
import { limitCalls, NotInTime } from './limit-calls.js';

/**
 * An engine that is reached through given streams, such as ones that ssh forwards.
 * @throws KitError `engine-unreachable` (exit 3)
 */
export async function connectRemoteEngine(
  wire: {
    /** Address of the engine, for messages. */
    readonly address: string;
    readonly dial: () => Promise<Duplex>;
    /** Limit of every later call. @default 120000 */
    readonly limitMs?: number;
  },
  timeoutMs = 15_000,
): Promise<Engine> {
  const engine = withoutOwnSearch(throughStreams(wire.dial));
  const explain = (error: Error) =>
    error instanceof NotInTime ? noAnswer(wire.address, error) : error;
  limitCalls(engine, explain, wire.limitMs);
  await assertAnswers(engine, wire.address, timeoutMs);
  return engine;
}
