import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { environmentError } from '../../lib/errors.js';
import { Secret } from '../../lib/secret.js';
import type { Api } from './api.js';
import {
  databaseAnswer,
  databaseCaAnswer,
  databaseDb,
  databaseFirewallAnswer,
  databaseLoginAnswer,
} from './database-answers.js';

const pathOf = (id: string) => `/v2/databases/${id}`;

/** Time limit; some databases take a quarter of an hour. */
const ONLINE_MS = 40 * 60_000;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Waits until a managed database is online.
 * @throws KitError `managed-database-late` (exit 3); errors of the API
 */
export async function awaitOnline(
  api: Api,
  id: string,
  signal?: AbortSignal,
  timeoutMs = ONLINE_MS,
): Promise<void> {
  const begin = performance.now();
  for (;;) {
    const { name, status } = (await api.get(pathOf(id), databaseAnswer)).database;
    if (status === 'online') return;
    const elapsed = performance.now() - begin;
    if (elapsed > timeoutMs) {
      throw environmentError('managed-database-late', {
        path: `database ${name} (${id})`,
        message: `is '${status}' after ${Math.round(timeoutMs / 60_000)} minutes, and not online`,
        hint: 'Check it in the control panel. The same command again continues to wait.',
      });
    }
    const next = Math.min(LONGEST_PAUSE_MS, 100 + elapsed / 10);
    await pause(next, undefined, { ...(signal && { signal }) });
  }
}

/** Creates a database in the database server, unless it exists. @throws ApiError */
export async function ensureDb(api: Api, id: string, name: string): Promise<void> {
  const path = `${pathOf(id)}/dbs`;
  const isThere = async () =>
    (await api.list(path, 'dbs', databaseDb)).some((db) => db.name === name);
  if (await isThere()) return;
  try {
    await api.post(path, { name }, z.unknown(), 'again');
  } catch (error) {
    // The first attempt may have succeeded although its answer was lost.
    if (!(await isThere())) throw error;
  }
}

/** Adds a tag to a database. @throws ApiError */
export async function tagDatabase(api: Api, id: string, tag: string): Promise<void> {
  const resources = [{ resource_id: id, resource_type: 'database' }];
  const path = `/v2/tags/${encodeURIComponent(tag)}/resources`;
  await api.post(path, { resources }, z.unknown(), 'again');
}

/**
 * The login to the database from its private network.
 * @throws KitError `token-scopes` (exit 3); errors of the API
 */
export async function databaseAccess(api: Api, id: string) {
  const { database } = await api.get(pathOf(id), databaseLoginAnswer);
  const { ca } = await api.get(`${pathOf(id)}/ca`, databaseCaAnswer);
  const { host, port, user, password } = database.private_connection ?? database.connection ?? {};
  if (!host || !port || !user || !password) {
    throw environmentError('token-scopes', {
      path: 'DIGITALOCEAN_TOKEN',
      message:
        'the token lacks the scope database:view_credentials: the API does not return the login',
      hint: 'Make a token with this scope as well. The same command again continues with the existing database.',
    });
  }
  const pem = Buffer.from(ca.certificate, 'base64').toString();
  return { host, port, user, password: new Secret(password), ca: pem };
}

/** A source that may connect to a managed database. */
export interface TrustedSource {
  readonly type: 'tag' | 'ip_addr';
  readonly value: string;
}

/**
 * An address for documentation, which no client has. A database without any source is open to all,
 * and a source with a tag is removed with the tag: this one stays.
 */
const NOBODY: TrustedSource = { type: 'ip_addr', value: '192.0.2.1' };

/** The droplets with a tag; the list is never empty, which would allow everybody. */
export const onlyTagged = (tag: string): readonly TrustedSource[] => [
  { type: 'tag', value: tag },
  NOBODY,
];

/** Allows connections from these sources only. @throws ApiError */
export async function trustOnly(
  api: Api,
  id: string,
  sources: readonly TrustedSource[],
): Promise<'changed' | 'already so'> {
  const path = `/v2/databases/${id}/firewall`;
  const { rules } = await api.get(path, databaseFirewallAnswer);
  if (wordsOf(rules) === wordsOf(sources)) return 'already so';
  await api.put(path, { rules: sources });
  return 'changed';
}

const wordsOf = (rules: readonly { readonly type: string; readonly value: string }[]): string =>
  rules
    .map(({ type, value }) => `${type} ${value}`)
    .sort()
    .join('\n');
