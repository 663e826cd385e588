import type { Socket } from 'node:net';

/** One client of the relay, served in the protocol of the database. */
export interface Session {
  /**
   * Lets the client through to the database.
   * @param signal the client is gone, or took too long
   * @returns the connection to pass everything on from, or `undefined` when all is said
   * @throws Unreachable, NotAdmitted, Error: the client was not told why
   */
  open(signal: AbortSignal): Promise<Socket | undefined>;
  /** Tells the client why it cannot be served, and ends its connection. */
  refuse(refusal: Refusal): void;
}

/** Begins to serve a client that has just connected. */
export type BeginSession = (client: Socket) => Session;

/** Why a client is not served. */
export interface Refusal {
  readonly kind: 'unreachable' | 'too-many' | 'not-admitted';
  readonly message: string;
}

/** A client that may not in; the words are for its ears. */
export class NotAdmitted extends Error {}

const LAST_WORD_MS = 5_000;

/** Says a last word; whoever does not take it is cut off. */
export function sayLast(client: Socket, bytes: Buffer): void {
  client.end(bytes);
  client.resume();
  setTimeout(() => client.destroy(), LAST_WORD_MS).unref();
}
