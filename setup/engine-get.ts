import { request } from 'node:http';
import type Docker from 'dockerode';
import type { EngineAddress } from '../clients/docker/address/engine-address.js';
import { isSocket, socketPathOf } from '../clients/docker/address/parse-host.js';
import { resolveEngine } from '../clients/docker/address/resolve-engine.js';
import { requireFitting, type VersionAnswer } from '../clients/docker/require-fitting.js';
import { unreachable } from '../clients/docker/unreachable.js';
import { KitError } from '../lib/errors.js';
import { reading } from '../lib/reading.js';
import { timeLimit } from '../lib/time-limit.js';

/** The engine that setup uses, found once. */
export interface SetupEngine {
  /** @throws KitError `engine-misconfigured` (exit 2) */
  readonly address: () => Promise<EngineAddress>;
  /** Loads the client on demand: that alone takes longer than checking that nothing is missing. */
  readonly client: () => Promise<Docker>;
}

/** The engine of this environment. */
export function setupEngine(env: NodeJS.ProcessEnv): SetupEngine {
  const address = reading(() => resolveEngine(env));
  const client = reading(async () => {
    const { createClient } = await import('../clients/docker/client.js');
    return createClient(await address(), env);
  });
  return { address, client };
}

/**
 * One GET of the engine's API, as parsed JSON; `undefined` for objects that do not exist. Requests
 * to a local socket are sent directly, those to any other engine by the client.
 * @throws KitError that names the engine, when it refuses or does not answer in time
 */
export async function getFromEngine(
  path: string,
  { address, client }: SetupEngine,
  timeoutMs: number,
): Promise<unknown> {
  const engine = await address();
  const signal = timeLimit(timeoutMs);
  const answer = isSocket(engine.host)
    ? getFromSocket(socketPathOf(engine.host), path, signal)
    : getByClient(await client(), path, signal);
  return answer.catch(async (error: unknown) => {
    if (signal.aborted)
      throw await unreachable(engine, new Error(`no answer within ${timeoutMs} ms`));
    throw error instanceof KitError ? error : await unreachable(engine, error);
  });
}

function getFromSocket(socketPath: string, path: string, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ask = request({ socketPath, path, signal, headers: { host: 'docker' } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode === 404) resolve(undefined);
        else if (response.statusCode === 200) resolve(parse(body));
        else reject(new Error(`HTTP ${response.statusCode} ${body.trim()}`));
      });
    });
    ask.on('error', reject);
    ask.end();
  });
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}

function getByClient(docker: Docker, path: string, abortSignal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const statusCodes = { 200: true, 404: 'no such object', 500: 'server error' };
    const options = { path, method: 'GET', abortSignal, statusCodes };
    docker.modem.dial(options, (error: Error | null, answer: unknown) => {
      if (!error) resolve(answer);
      else if ((error as { statusCode?: number }).statusCode === 404) resolve(undefined);
      else reject(error);
    });
  });
}

/**
 * Asks the engine for its version, such as `20.10.24+dfsg1`.
 * @throws KitError of the reason why it cannot be used
 */
export async function askEngine(engine: SetupEngine, timeoutMs: number): Promise<string> {
  const answer = ((await getFromEngine('/version', engine, timeoutMs)) ?? {}) as VersionAnswer;
  requireFitting(await engine.address(), answer);
  return answer.Version ?? 'of an unknown version';
}
