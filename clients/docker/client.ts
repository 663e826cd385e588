import { Agent as HttpsAgent } from 'node:https';
import Docker from 'dockerode';
import { diskFull, isDiskFull } from '../../lib/disk-full.js';
import { environmentError, KitError } from '../../lib/errors.js';
import type { EngineAddress } from './address/engine-address.js';
import { isSocket, socketPathOf } from './address/parse-host.js';
import { readTls } from './address/tls.js';
import { limitCalls } from './limit-calls.js';
import { dialSsh } from './ssh-dial.js';
import { unreachable } from './unreachable.js';
import { WireAgent } from './wire-agent.js';

/**
 * A client of an engine; connects at the first request. All errors of its requests name the engine, and each
 * ends in time.
 * @throws KitError `engine-misconfigured` (exit 2) when its TLS files cannot be read
 */
export async function createClient(
  engine: EngineAddress,
  env: NodeJS.ProcessEnv,
  limitMs?: number,
): Promise<Docker> {
  const client = withoutOwnSearch(await optionsFor(engine, env));
  limitCalls(client, (error) => explain(engine, error), limitMs);
  return client;
}

async function optionsFor({ host, tls }: EngineAddress, env: NodeJS.ProcessEnv) {
  if (isSocket(host)) return { socketPath: socketPathOf(host) };
  if (host.startsWith('ssh:')) return throughStreams(() => dialSsh(host, env));
  const { hostname, port, pathname } = new URL(host);
  const prefix = pathname.replace(/^\//, '');
  const at = { host: hostname, port, ...(prefix && { version: prefix }) };
  if (tls === undefined) return { ...at, protocol: 'http' };
  const agent = new HttpsAgent({ ...(await readTls(tls)), rejectUnauthorized: tls.isVerified });
  return { ...at, protocol: 'https', agent };
}

/** Options for an engine behind streams. */
export const throughStreams = (dial: ConstructorParameters<typeof WireAgent>[0]) => ({
  protocol: 'http',
  host: 'engine',
  port: 80,
  agent: new WireAgent(dial),
});

/**
 * The library searches for an engine by itself: it reads `DOCKER_HOST` and certificates even where options
 * name another engine, and fails for broken ones.
 */
export function withoutOwnSearch(options: object): Docker {
  const { DOCKER_HOST } = process.env;
  delete process.env.DOCKER_HOST;
  try {
    return new Docker({ pathPrefix: '/', ...options } as Docker.DockerOptions);
  } finally {
    if (DOCKER_HOST !== undefined) process.env.DOCKER_HOST = DOCKER_HOST;
  }
}

/** The error of a failed call, as the command reports it; the status code stays. */
async function explain(engine: EngineAddress, error: Error): Promise<Error> {
  if (error instanceof KitError || error.name === 'AbortError') return error;
  return 'statusCode' in error ? refused(engine, error) : unreachable(engine, error);
}

function refused({ host, from }: EngineAddress, cause: Error) {
  const message = `the Docker engine (from ${from}) refuses: ${cause.message.trim()}`;
  const { statusCode } = cause as Error & { statusCode?: number };
  const error = isDiskFull(cause.message)
    ? diskFull(`disk of the Docker engine (from ${from})`, cause)
    : environmentError('engine-refused', { path: host, message, cause });
  return Object.assign(error, { statusCode });
}
