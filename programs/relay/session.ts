import type { Socket } from 'node:net';

/** One client of the relay, served in the protocol of the database. */
export interface Session {
  /**
   * Connects the client to the database.
   * @param signal aborts when the client is gone, or took too long
   * @returns the connection to forward to, or `undefined` when the session is already over
   * @throws Unreachable, NotAdmitted, Error: the client has not received the reason
   */
  open(signal: AbortSignal): Promise<Socket | undefined>;
  /** Reports the reason to the client, and closes its connection. */
  refuse(refusal: Refusal): void;
}

/** Starts the session of a client that has just connected. */
export type BeginSession = (client: Socket) => Session;

/** Why a client is not served. */
export interface Refusal {
  readonly kind: 'unreachable' | 'too-many' | 'not-admitted';
  readonly message: string;
}

/** A client whose login the relay rejects; the message is for the client. */
export class NotAdmitted extends Error {}

/** Sends a final message and closes; after a timeout the connection is cut. */
export function endWith(client: Socket, bytes: Buffer): void {
  client.end(bytes);
  client.resume();
  cutAfter(client, FINAL_MESSAGE_MS);
}

const FINAL_MESSAGE_MS = 5_000;

/** Cuts a connection that is not closed by then. The timer does not outlive the connection. */
export function cutAfter(socket: Socket, timeoutMs: number): void {
  if (socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), timeoutMs).unref();
  socket.once('close', () => clearTimeout(timer));
}
