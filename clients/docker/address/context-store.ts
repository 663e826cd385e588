import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { configDirectory, type JsonFile, readJsonFile } from './docker-config.js';
import { type EngineAddress, misconfigured, shownValue } from './engine-address.js';
import { isSocket, parseHost } from './parse-host.js';
import { readableTls } from './tls.js';

/** The engine of a context that `docker context create` made. @throws KitError `engine-misconfigured` */
export async function engineOfContext(
  name: string,
  from: string,
  env: NodeJS.ProcessEnv,
): Promise<EngineAddress> {
  const store = join(configDirectory(env), 'contexts');
  const id = createHash('sha256').update(name).digest('hex');
  const meta = await readJsonFile(join(store, 'meta', id, 'meta.json'));
  if (meta === undefined) throw await unknown(name, from, store);
  const { value, skipsVerification } = endpointOf(meta);
  const host = hostOf(value, meta.path);
  if (isSocket(host) || host.startsWith('ssh:')) return { host, from };
  const directory = join(store, 'tls', id, 'docker');
  const tls = await readableTls(directory, !skipsVerification);
  return { host, from, ...((tls.files.length > 0 || skipsVerification) && { tls }) };
}

async function unknown(name: string, from: string, store: string) {
  const known = await contextNames(store);
  return misconfigured(
    from,
    `docker has no context '${shownValue(name)}' in ${store}; it has ${known.join(', ')}`,
    'Choose one with `docker context use`, or set DOCKER_CONTEXT=default for the engine of this machine.',
  );
}

/** The names in a store that can be read. */
async function contextNames(store: string): Promise<string[]> {
  const meta = join(store, 'meta');
  const directories = await readdir(meta).catch((): string[] => []);
  const files = await Promise.all(
    directories.map((id) => readJsonFile(join(meta, id, 'meta.json')).catch(() => undefined)),
  );
  const names = files.map((file) => file?.content.Name);
  return ['default', ...names.filter((name) => typeof name === 'string').sort()];
}

function endpointOf({ path, content }: JsonFile) {
  const endpoints = content.Endpoints as Record<string, unknown> | null | undefined;
  const docker = endpoints?.docker as Record<string, unknown> | null | undefined;
  const value = docker?.Host ?? '';
  if (typeof docker === 'object' && docker !== null && typeof value === 'string') {
    return { value, skipsVerification: docker.SkipTLSVerify === true };
  }
  throw misconfigured(path, 'the context names no Docker engine (Endpoints.docker.Host)', RECREATE);
}

const RECREATE = 'Correct it with `docker context update`, or choose another context.';

function hostOf(value: string, path: string): string {
  try {
    return parseHost(value || 'unix://');
  } catch (error) {
    const why = (error as Error).message;
    throw misconfigured(path, `the context's host '${shownValue(value)}': ${why}`, RECREATE);
  }
}
