import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { environmentError } from '../../lib/errors.js';
import { Secret } from '../../lib/secret.js';
import type { Api } from './api.js';
import {
  databaseAnswer,
  databaseCaAnswer,
  databaseDb,
  databaseLoginAnswer,
} from './database-answers.js';

/** How a managed database is logged in to. */
export interface DatabaseAccess {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
  /** Authority of its certificate (PEM). */
  readonly ca: string;
}

const pathOf = (id: string) => `/v2/databases/${id}`;

/** Some take a quarter of an hour. */
const ONLINE_MS = 40 * 60_000;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Waits until a database is there, however long that usually takes.
 * @throws KitError `managed-database-late` (exit 3); those of the API
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
        hint: 'Look at it in the control panel. The same command again goes on waiting.',
      });
    }
    const next = Math.min(LONGEST_PAUSE_MS, 100 + elapsed / 10);
    await pause(next, undefined, { ...(signal && { signal }) });
  }
}

/** Makes a database in the database server, unless it is there. @throws ApiError */
export async function ensureDb(api: Api, id: string, name: string): Promise<void> {
  const path = `${pathOf(id)}/dbs`;
  const isThere = async () =>
    (await api.list(path, 'dbs', databaseDb)).some((db) => db.name === name);
  if (await isThere()) return;
  try {
    await api.post(path, { name }, z.unknown(), 'again');
  } catch (error) {
    // The answer to the first try may have been lost.
    if (!(await isThere())) throw error;
  }
}

/** Puts a tag on a database. @throws ApiError */
export async function tagDatabase(api: Api, id: string, tag: string): Promise<void> {
  const resources = [{ resource_id: id, resource_type: 'database' }];
  const path = `/v2/tags/${encodeURIComponent(tag)}/resources`;
  await api.post(path, { resources }, z.unknown(), 'again');
}

/**
 * How it is logged in to from its private network.
 * @throws KitError `token-scopes` (exit 3); those of the API
 */
export async function databaseAccess(api: Api, id: string): Promise<DatabaseAccess> {
  const { database } = await api.get(pathOf(id), databaseLoginAnswer);
  const { ca } = await api.get(`${pathOf(id)}/ca`, databaseCaAnswer);
  const { host, port, user, password } = database.private_connection ?? database.connection ?? {};
  if (!host || !port || !user || !password) {
    throw environmentError('token-scopes', {
      path: 'DIGITALOCEAN_TOKEN',
      message: 'the token lacks the scope database:view_credentials: the API tells no login',
      hint: 'Make a token with this scope as well. The same command again goes on with the database that is there.',
    });
  }
  const pem = Buffer.from(ca.certificate, 'base64').toString();
  return { host, port, user, password: new Secret(password), ca: pem };
}
