import { usageError } from '../../lib/errors.js';
import { unknownName } from '../../lib/unknown-name.js';
import { expandVariables } from '../../registry/file/expand-variables.js';
import type { Registry } from '../../registry/file/read-registry.js';
import { findEntry } from '../../registry/resolve-entry.js';
import { originOf, parseEndpoint, sameHost } from '../prisma-yml/parse-endpoint.js';

/** Values for variables in the registry. */
type Env = Readonly<Record<string, string | undefined>>;

/** Parses an endpoint. @throws KitError `endpoint-invalid` (exit 2), at `at` */
export function checkedEndpoint(value: string, at: string) {
  const parsed = parseEndpoint(value);
  if (typeof parsed !== 'string') return parsed;
  const hint = 'Write it as http(s)://HOST:PORT/SERVICE/STAGE.';
  throw usageError('endpoint-invalid', { path: at, message: parsed, hint });
}

/**
 * The entry of the registry with the host of an endpoint; of several, the first by name.
 * @throws KitError `cluster-unknown` (exit 2), at `at`
 */
export function entryAt(endpoint: string, at: string, registry: Registry, env: Env): string {
  const { host } = checkedEndpoint(endpoint, at);
  const names = registry.entries
    .filter(({ name }) => sameHost(hostOf(registry, name, env), host))
    .map(({ name }) => name)
    .sort();
  const [first] = names;
  if (first !== undefined) return first;
  const hosts = registry.entries.map(({ name }) => originOf(hostOf(registry, name, env)));
  throw usageError('cluster-unknown', {
    path: at,
    message: `the registry has no cluster at ${host}`,
    hint: `${unknownName(host, [...new Set(hosts)], 'It has no clusters.')} Add it: clusterkit cluster add NAME --host ${host} --key-file FILE`,
  });
}

/** The address of an entry. */
export function hostOf(registry: Registry, name: string, env: Env): string {
  const { host } = findEntry(registry, name);
  return expandVariables(host, env) ?? host;
}
