import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici-node18';
import type { RawHeaders } from './hop-headers.js';

/** Where the server's answer goes. */
export interface Receiver {
  readonly response: ServerResponse;
  /** The headers of the answer for the client, without those of the single connection. */
  headersOf(raw: RawHeaders): string[];
  /** Sets the function to call when the client has left, or has its answer. */
  onGone(run: () => void): void;
  /**
   * The server did not answer; or not to the end, and the client's connection is cut.
   * @param isSent the server may have received the request: it must not be sent again
   */
  onProblem(error: NodeJS.ErrnoException, isSent: boolean): void;
}

/** Answers up to this size are sent in one write, which costs half as much as two. */
const ONE_PIECE_BYTES = 16_384;

/**
 * Sends a request to the server and its answer back, streamed, no faster than the receiver reads.
 * When the client leaves, the request to the server is aborted.
 */
export function forward(
  server: Dispatcher,
  onward: {
    readonly method: string;
    readonly path: string;
    /** Names and values in turn. */
    readonly headers: string[];
    readonly body: Readable | Buffer | null;
  },
  receiver: Receiver,
): void {
  server.dispatch(onward as Dispatcher.DispatchOptions, new Answer(receiver));
}

type Head = { readonly status: number; readonly statusText: string; readonly headers: string[] };

/** Receives the server's answer from undici and sends it to the client. */
class Answer implements Dispatcher.DispatchHandlers {
  readonly #response: ServerResponse;
  #abort: ((error?: Error) => void) | undefined;
  #resume = () => {};
  #isOver = false;
  /** The head of an answer whose small body is not complete yet. */
  #head: Head | undefined;
  #length = 0;
  #whole: Buffer | undefined;

  constructor(private readonly receiver: Receiver) {
    this.#response = receiver.response;
    receiver.onGone(() => {
      if (!this.#isOver) this.#abort?.();
    });
  }

  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort;
    if (this.#response.destroyed) abort();
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, statusText: string): boolean {
    if (status < 200) return true;
    const headers = this.receiver.headersOf(textOf(raw));
    this.#resume = resume;
    this.#head = { status, statusText, headers };
    this.#length = announcedLength(headers);
    if (!(this.#length <= ONE_PIECE_BYTES)) this.#sendHead();
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.#head !== undefined && chunk.length === this.#length) {
      this.#whole = chunk;
      return true;
    }
    this.#sendHead();
    if (this.#response.write(chunk)) return true;
    this.#response.once('drain', this.#resume);
    return false;
  }

  onComplete(): void {
    this.#isOver = true;
    this.#sendHead();
    // With a body as latin1 text, Node writes head and body together.
    if (this.#whole === undefined) this.#response.end();
    else this.#response.end(this.#whole.toString('latin1'), 'latin1');
  }

  onError(error: NodeJS.ErrnoException): void {
    this.#isOver = true;
    if (this.#response.destroyed) return;
    if (this.#response.headersSent) this.#response.destroy();
    this.receiver.onProblem(error, this.#abort !== undefined);
  }

  #sendHead(): void {
    const head = this.#head;
    if (head !== undefined) this.#response.writeHead(head.status, head.statusText, head.headers);
    this.#head = undefined;
  }
}

/** Headers as text, byte by byte. */
function textOf(raw: readonly Buffer[]): string[] {
  return raw.map((part) => part.toString('latin1'));
}

/** The `Content-Length`, or NaN. */
function announcedLength(headers: readonly string[]): number {
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() === 'content-length') return Number(headers[index + 1]);
  }
  return Number.NaN;
}

const BROKEN_REQUESTS = ['UND_ERR_INVALID_ARG', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'];

/** Whether a request could not be sent because it is broken: the server has no part in it. */
export const isBrokenRequest = ({ code = '' }: NodeJS.ErrnoException): boolean =>
  BROKEN_REQUESTS.includes(code);
