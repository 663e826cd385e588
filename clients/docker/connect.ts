import Docker from 'dockerode';
import { environmentError } from '../../lib/errors.js';

/** A connection to a Docker engine, by `DOCKER_HOST` or the default socket. */
export type Engine = Docker;

/**
 * Connects to the engine and checks that it answers.
 * @throws KitError `engine-unreachable` (exit 3)
 */
export async function connectEngine(timeoutMs = 5000): Promise<Engine> {
  const engine = new Docker();
  await assertAnswers(engine, await addressOf(engine), timeoutMs, LOCAL_HINT);
  return engine;
}

const LOCAL_HINT = 'Start Docker, point DOCKER_HOST at an engine, or run scripts/setup.';

/** Checks that an engine answers. @throws KitError `engine-unreachable` (exit 3) */
export async function assertAnswers(
  engine: Engine,
  address: string,
  timeoutMs: number,
  hint = 'Is the engine of that machine running? Run the command again; `clusterkit logs` shows more.',
): Promise<void> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs).unref();
  });
  try {
    await Promise.race([engine.ping(), late]);
  } catch (cause) {
    const message = `no Docker engine answers (${cause instanceof Error ? cause.message : cause})`;
    throw environmentError('engine-unreachable', { path: address, message, hint, cause });
  }
}

/**
 * The address in the form of DOCKER_HOST. The client looks for the default socket at a request
 * only.
 */
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

/** The HTTP status of an engine's error: 404 not found, 409 conflict. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}
