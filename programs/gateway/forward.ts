import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici-node18';
import type { Exchange } from './exchange.js';
import { responseHeaders } from './hop-headers.js';
import { type OwnAnswer, refusal } from './own-answer.js';

/** Changes to the server's answer. */
export interface Back {
  /** Additional headers, names and values in turn. */
  readonly adds: readonly string[];
  readonly isStopping: () => boolean;
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
  exchange: Exchange,
  back: Back,
): void {
  server.dispatch(onward as Dispatcher.DispatchOptions, new Answer(exchange, back));
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

  constructor(
    private readonly exchange: Exchange,
    private readonly back: Back,
  ) {
    this.#response = exchange.response;
    exchange.onGone(() => {
      if (!this.#isOver) this.#abort?.();
    });
  }

  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort;
    if (this.#response.destroyed) abort();
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, statusText: string): boolean {
    if (status < 200) return true;
    const headers = responseHeaders(textOf(raw), this.exchange.throttledMs);
    headers.push(...this.back.adds);
    if (this.exchange.isLast || this.back.isStopping()) headers.push('connection', 'close');
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
    else this.exchange.answer(serverProblem(error));
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

const TIMEOUTS = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT'];
/** undici's codes for broken requests of the client. */
const BROKEN_REQUESTS = ['UND_ERR_INVALID_ARG', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'];

/** The answer to the client when the server did not answer. */
export function serverProblem({ code }: NodeJS.ErrnoException): OwnAnswer {
  if (code !== undefined && BROKEN_REQUESTS.includes(code)) {
    return refusal(400, 'BAD_REQUEST', 'The request cannot be passed on: its headers are broken.');
  }
  if (code !== undefined && TIMEOUTS.includes(code)) {
    return refusal(504, 'SERVER_TIMEOUT', 'The server behind the gateway did not answer in time.');
  }
  return refusal(502, 'SERVER_UNREACHABLE', 'The server behind the gateway did not answer.');
}
