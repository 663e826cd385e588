import Docker from 'dockerode';
import { environmentError } from '../../lib/errors.js';

/** A connection to a Docker engine, by `DOCKER_HOST` or the default socket. */
export type Engine = Docker;

/** Connects and asks for a sign of life. @throws KitError `engine-unreachable` (exit 3) */
export async function connectEngine(timeoutMs = 5000): Promise<Engine> {
  const engine = new Docker();
  await assertAnswers(engine, await addressOf(engine), timeoutMs, LOCAL_HINT);
  return engine;
}

const LOCAL_HINT = 'Start Docker, point DOCKER_HOST at an engine, or run scripts/setup.';

/** Asks an engine for a sign of life. @throws KitError `engine-unreachable` (exit 3) */
export async function assertAnswers(
  engine: Engine,
  address: string,
  timeoutMs: number,
  hint = 'Is the engine of that machine running? Run the command again; `clusterkit logs` tells more.',
): Promise<void> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs).unref();
  });
  try {
    await Promise.race([engine.ping(), late]);
  } catch (cause) {
    const message = `no Docker engine answers (${cause instanceof Error ? cause.message : cause})`;
    throw environmentError('engine-unreachable', { path: address, message, hint }, cause);
  }
}

/** The address in the form of DOCKER_HOST. The client looks for the default socket only when asked. */
async function addressOf(engine: Engine): Promise<string> {
  const { socketPath, protocol, host, port } = engine.modem as {
    socketPath?: string | (() => Promise<string>);
    protocol?: string;
    host?: string;
    port?: string | number;
  };
  const path = typeof socketPath === 'function' ? await socketPath() : socketPath;
  return path ? `unix://${path}` : `${protocol}://${host}:${port}`;
}

/** The HTTP status of an engine's refusal: 404 not there, 409 in the way. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}
