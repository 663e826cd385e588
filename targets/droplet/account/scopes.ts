import pLimit from 'p-limit';
import { z } from 'zod';
import type { Api } from '../../../clients/digitalocean/api.js';
import { hasStatus } from '../../../clients/digitalocean/api-error.js';
import type { DropletSettings } from '../settings.js';

/** The settings that determine the needed scopes. */
export type ScopeNeeds = Pick<DropletSettings, 'volume' | 'reservedIp' | 'project' | 'database'>;

/** A request without effect, which is answered with 403 only when the scope is missing. */
interface Attempt {
  readonly scope: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
}

const AT_ONCE = 4;
const NOTHING = '00000000-0000-0000-0000-000000000000';
/** An address for documentation, which cannot be reserved. */
const NO_ADDRESS = '192.0.2.1';

const attempt = (method: Attempt['method'], path: string, scope: string): Attempt => ({
  method,
  path: `/v2/${path}`,
  scope,
});

const ALWAYS: readonly Attempt[] = [
  attempt('GET', 'actions/1', 'actions:read'),
  attempt('POST', 'account/keys', 'ssh_key:create'),
  attempt('DELETE', 'account/keys/0', 'ssh_key:delete'),
  attempt('POST', 'tags', 'tag:create'),
  attempt('DELETE', `tags/${NOTHING}`, 'tag:delete'),
  attempt('POST', 'droplets', 'droplet:create'),
  attempt('DELETE', 'droplets/0', 'droplet:delete'),
  attempt('POST', 'firewalls', 'firewall:create'),
  attempt('POST', `firewalls/${NOTHING}/droplets`, 'firewall:update'),
  attempt('DELETE', `firewalls/${NOTHING}`, 'firewall:delete'),
];
const VOLUME: readonly Attempt[] = [
  attempt('POST', 'volumes', 'block_storage:create'),
  attempt('DELETE', `volumes/${NOTHING}`, 'block_storage:delete'),
  attempt('GET', `volumes/${NOTHING}/actions/1`, 'block_storage_action:read'),
  attempt('POST', `volumes/${NOTHING}/actions`, 'block_storage_action:create'),
];
const RESERVED_IP: readonly Attempt[] = [
  attempt('POST', 'reserved_ips', 'reserved_ip:create'),
  attempt('POST', `reserved_ips/${NO_ADDRESS}/actions`, 'reserved_ip:update'),
  attempt('DELETE', `reserved_ips/${NO_ADDRESS}`, 'reserved_ip:delete'),
];
const PROJECT: readonly Attempt[] = [
  attempt('POST', 'projects', 'project:create'),
  attempt('POST', `projects/${NOTHING}/resources`, 'project:assign_resource'),
  attempt('DELETE', `projects/${NOTHING}`, 'project:delete'),
];

const DATABASE: readonly Attempt[] = [
  attempt('POST', 'databases', 'database:create'),
  attempt('PUT', `databases/${NOTHING}/firewall`, 'database:update'),
  attempt('DELETE', `databases/${NOTHING}`, 'database:delete'),
];

const attemptsFor = ({ volume, reservedIp, project, database }: ScopeNeeds): readonly Attempt[] => [
  ...ALWAYS,
  ...(volume === false ? [] : VOLUME),
  ...(reservedIp ? RESERVED_IP : []),
  ...(project === undefined ? [] : PROJECT),
  ...(database.managed === undefined ? [] : DATABASE),
];

/**
 * Scopes that the token lacks for changing what a cluster needs; missing scopes for reading show when
 * reading.
 *
 * The API does not list a token's scopes, so this tries requests without effect: creations without content,
 * and deletions of impossible ids. The API checks the scope first; any other error means that the token has
 * it.
 */
export async function missingScopes(api: Api, needs: ScopeNeeds): Promise<string[]> {
  const limit = pLimit(AT_ONCE);
  const attempts = attemptsFor(needs);
  const lacks = await Promise.all(attempts.map((each) => limit(() => isForbidden(api, each))));
  return attempts.filter((_, index) => lacks[index]).map(({ scope }) => scope);
}

async function isForbidden(api: Api, { method, path }: Attempt): Promise<boolean> {
  try {
    if (method === 'GET') await api.get(path, z.unknown());
    else if (method === 'POST') await api.post(path, {}, z.unknown(), 'again');
    else if (method === 'PUT') await api.put(path, {});
    else await api.remove(path);
    return false;
  } catch (error) {
    if (hasStatus(error, 403)) return true;
    if (hasStatus(error, 400, 404, 405, 409, 412, 422)) return false;
    throw error;
  }
}
