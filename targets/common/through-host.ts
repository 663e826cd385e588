import { type AddressInfo, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { DatabaseLogin } from '../../clients/database/database-login.js';
import {
  Unreachable,
  type UnreachableReason,
  unreachable,
} from '../../clients/database/unreachable.js';
import { type SettingsPlace, transportError } from '../../external-database/login-problem.js';
import { KitError } from '../../lib/errors.js';
import type { Forwarder } from '../machine.js';
import { databasePlace } from './claim-database.js';

/** Set when data of another Prisma server may be reused: stage inputs do not contain options of one run. */
export const ADOPT_DATABASE = 'CLUSTERKIT_ADOPT_DATABASE';

/** Settings of a database that only the cluster's machine reaches, for messages. */
export const hostPlace = (input: Parameters<typeof databasePlace>[0]): SettingsPlace => ({
  ...databasePlace(input),
  reachHint: "The cluster's machine has to reach it: checkFrom is host.",
});

const CONNECT_MS = 10_000;

/**
 * Runs `work` with a login that connects through another machine. TLS, including the check of certificate
 * and name, is between here and the database.
 *
 * @throws KitError `database-unreachable` (exit 3) when that machine cannot connect to it
 */
export async function throughHost<T>(
  host: Forwarder,
  login: DatabaseLogin,
  place: SettingsPlace,
  work: (login: DatabaseLogin) => Promise<T>,
): Promise<T> {
  await assertReached(host, login, place);
  const server = createServer({ allowHalfOpen: true }, (near) => void pass(near, host, login));
  const sockets = new Set<Socket>();
  server.on('connection', (near) => {
    sockets.add(near);
    near.once('close', () => sockets.delete(near));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    return await work({ ...login, via: (server.address() as AddressInfo).port });
  } finally {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
}

/** Connects once for the error: a failed connection through the machine has no reason. */
async function assertReached(host: Forwarder, login: DatabaseLogin, place: SettingsPlace) {
  const dialled = host.forwardTcp(login.host, login.port);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unreachable('timed-out', login)), CONNECT_MS);
  });
  try {
    const stream = await Promise.race([dialled, late]);
    stream.destroy();
  } catch (error) {
    dialled.then((stream) => stream.destroy()).catch(() => {});
    const found = error instanceof KitError ? refusalOf(error, login) : error;
    throw found instanceof Unreachable ? transportError(found, place) : found;
  } finally {
    clearTimeout(timer);
  }
}

/** Maps sshd's error about a connection that it could not open. */
const REASONS: readonly (readonly [RegExp, UnreachableReason])[] = [
  [/connection refused/i, 'refused'],
  [/timed out|no route|unreachable/i, 'timed-out'],
  [/not known|name resolution|no address/i, 'unknown-host'],
];

function refusalOf(error: KitError, login: DatabaseLogin): unknown {
  if (error.code !== 'ssh-channel-refused') return error;
  const [, reason] = REASONS.find(([words]) => words.test(error.message)) ?? [];
  return reason === undefined ? error : unreachable(reason, login);
}

async function pass(near: Socket, host: Forwarder, { host: name, port }: DatabaseLogin) {
  near.on('error', () => {});
  try {
    const far = await host.forwardTcp(name, port);
    far.on('error', () => near.destroy());
    await Promise.all([pipeline(near, far), pipeline(far, near)]);
  } catch {
    near.destroy();
  }
}
