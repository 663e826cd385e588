import { connect, isIP, type Socket } from 'node:net';
import {
  connect as connectTls,
  createSecureContext,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import type { DatabaseLogin } from './database-login.js';
import { unreachable, unreachableOf } from './unreachable.js';

/** The address of a database, and how to verify it. */
export type DatabaseAddress = Pick<
  DatabaseLogin,
  'connector' | 'host' | 'port' | 'ssl' | 'ca' | 'via'
>;

/** Interval that finds idle connections whose other side is gone. */
const KEEP_ALIVE_MS = 60_000;

/** Opens a plain connection. @throws Unreachable */
export async function openSocket(
  address: Pick<DatabaseAddress, 'host' | 'port' | 'via'>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Socket> {
  const { via } = address;
  const { host, port } = via === undefined ? address : { host: '127.0.0.1', port: via };
  const socket = connect({
    ...{ host, port, noDelay: true, allowHalfOpen: true, autoSelectFamily: true },
    ...{ keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS },
    ...(signal && { signal }),
  });
  await settled(socket, 'connect', address, timeoutMs);
  return socket;
}

/** The last {@link trustIn}. */
let trusted: { readonly ca: string | undefined; readonly context: SecureContext } | undefined;

/**
 * The authorities of a connection. All connections to one database share them: each copy would take
 * a third of a megabyte.
 */
function trustIn(ca: string | undefined): SecureContext {
  if (trusted === undefined || trusted.ca !== ca) {
    const context = createSecureContext({ minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) });
    trusted = { ca, context };
  }
  return trusted.context;
}

/**
 * Starts TLS on a plain connection; checks the certificate's chain and name.
 * @throws Unreachable
 */
export async function secureSocket(
  socket: Socket,
  address: DatabaseAddress,
  timeoutMs: number,
): Promise<TLSSocket> {
  const { host, ca } = address;
  // Bytes from before TLS are not authenticated.
  if (socket.readableLength > 0)
    throw unreachable('lost', address, 'it sent data before TLS began');
  const secure = connectTls({
    ...{ socket, host, rejectUnauthorized: true, secureContext: trustIn(ca) },
    ...(isIP(host) === 0 && { servername: host }),
  });
  await settled(secure, 'secureConnect', address, timeoutMs);
  return secure;
}

/**
 * Ends an accepted connection on which nothing is sent in time.
 * @returns a function that cancels this
 */
export function endIfSilent(
  socket: Socket,
  address: Pick<DatabaseAddress, 'host' | 'port'>,
  timeoutMs: number,
): () => void {
  const silent = () =>
    socket.destroy(unreachable('lost', address, 'it accepted the connection, but sends nothing'));
  const timer = setTimeout(silent, timeoutMs);
  return () => clearTimeout(timer);
}

function settled(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  address: Pick<DatabaseAddress, 'host' | 'port'>,
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      done();
      socket.destroy();
      reject(unreachableOf(error, address));
    };
    const closed = () => fail(unreachable('lost', address, 'the other side closed it'));
    const timer = setTimeout(() => fail(unreachable('timed-out', address)), timeoutMs);
    const succeed = () => {
      done();
      resolve();
    };
    const done = () => {
      clearTimeout(timer);
      socket.off(event, succeed).off('error', fail).off('close', closed);
      // The user of the socket adds its own listener; until then an error must not end the process.
      socket.on('error', () => {});
    };
    socket.once(event, succeed).once('error', fail).once('close', closed);
  });
}
