import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';

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
  const signal = AbortSignal.timeout(timeoutMs);
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
