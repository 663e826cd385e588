import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { timeLimit } from '../lib/time-limit.js';

/** Loads the client on demand: that alone takes longer than checking that nothing is missing. */
export type LoadDocker = () => Promise<Docker>;

/** Loads the client once. */
export function createLoadDocker(): LoadDocker {
  let client: Promise<Docker> | undefined;
  return () => (client ??= import('dockerode').then(({ default: Client }) => new Client()));
}

/** Address of the engine in the form of DOCKER_HOST. */
export function engineAddress(env: NodeJS.ProcessEnv): string {
  if (env.DOCKER_HOST) return env.DOCKER_HOST;
  const ofUser = join(homedir(), '.docker/run/docker.sock');
  return `unix://${existsSync(ofUser) ? ofUser : '/var/run/docker.sock'}`;
}

/**
 * One GET of the engine's API, as parsed JSON; `undefined` for objects that do not exist. Requests
 * to a local socket are sent directly, those to any other engine by the client.
 * @throws Error when the engine refuses, or does not answer in time
 */
export async function getFromEngine(
  path: string,
  env: NodeJS.ProcessEnv,
  loadDocker: LoadDocker,
  timeoutMs: number,
): Promise<unknown> {
  const address = engineAddress(env);
  const signal = timeLimit(timeoutMs);
  const answer = address.startsWith('unix://')
    ? getFromSocket(address.slice('unix://'.length), path, signal)
    : getByClient(await loadDocker(), path, signal);
  return answer.catch((error: unknown) => {
    if (signal.aborted) throw new Error(`no answer within ${timeoutMs} ms`);
    throw error;
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
        else if (response.statusCode === 200) resolve(JSON.parse(body));
        else reject(new Error(`HTTP ${response.statusCode} ${body.trim()}`));
      });
    });
    ask.on('error', reject);
    ask.end();
  });
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

/** Address in the form of DOCKER_HOST, and version when one answers. */
export interface EngineAnswer {
  readonly address: string;
  /** Such as `20.10.24+dfsg1`; `undefined` when none answers. */
  readonly version: string | undefined;
  /** Why none answers. */
  readonly failure: string;
}

/** Asks the engine of DOCKER_HOST, or of the default socket, for its version. */
export async function askEngine(
  env: NodeJS.ProcessEnv,
  loadDocker: LoadDocker,
  timeoutMs: number,
): Promise<EngineAnswer> {
  const address = engineAddress(env);
  try {
    const answer = await getFromEngine('/version', env, loadDocker, timeoutMs);
    const { Version } = (answer ?? {}) as { Version?: string };
    return { address, version: Version, failure: 'what answers is no Docker engine' };
  } catch (error) {
    return { address, version: undefined, failure: reason(error) };
  }
}

function reason(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code === 'EACCES' ? 'this user may not use the engine’s socket' : (message ?? 'no answer');
}
