import type { Duplex } from 'node:stream';
import { throughStreams, withoutOwnSearch } from './client.js';
import { assertAnswers, type Engine } from './connect.js';

/**
 * An engine that is reached through given streams, such as ones that ssh forwards.
 * @throws KitError `engine-unreachable` (exit 3)
 */
export async function connectRemoteEngine(
  wire: {
    /** Address of the engine, for messages. */
    readonly address: string;
    readonly dial: () => Promise<Duplex>;
  },
  timeoutMs = 15_000,
): Promise<Engine> {
  const engine = withoutOwnSearch(throughStreams(wire.dial));
  await assertAnswers(engine, wire.address, timeoutMs);
  return engine;
}
