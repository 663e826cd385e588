import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici-node18';
import { responseHeaders } from './hop-headers.js';

/** A request as it goes on to the server. */
export interface Onward {
  readonly method: string;
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: Readable | Buffer | null;
}

/** What happens with the answer. */
export interface Back {
  readonly response: ServerResponse;
  readonly throttledMs: number;
  /** Further headers, names and values in turn. */
  readonly adds: readonly string[];
  /** Takes what is to happen when the client goes away. */
  readonly onGone: (run: () => void) => void;
  /** Whether the connection to the client ends with this answer. */
  readonly isLast: () => boolean;
  /** The server did not answer, and nothing has been sent to the client yet. */
  readonly onProblem: (error: NodeJS.ErrnoException) => void;
}

/** Answers of up to so many bytes go out in one piece, which costs half as much as two. */
const ONE_PIECE_BYTES = 16_384;

interface Head {
  readonly status: number;
  readonly statusText: string;
  readonly headers: string[];
}

/**
 * Sends a request on and its answer back, both as they come and no faster than they are taken. A
 * client that goes away takes its request with it.
 */
export function forward(server: Dispatcher, onward: Onward, back: Back): void {
  const { response, throttledMs, adds } = back;
  let abort: ((error?: Error) => void) | undefined;
  let goOn = () => {};
  let isOver = false;
  /** What waits for a small body to be whole. */
  let head: Head | undefined;
  let length = 0;
  let whole: Buffer | undefined;
  const sendHead = () => {
    if (head !== undefined) response.writeHead(head.status, head.statusText, head.headers);
    head = undefined;
  };
  back.onGone(() => {
    if (!isOver) abort?.();
  });
  server.dispatch(
    { ...onward, method: onward.method as Dispatcher.HttpMethod },
    {
      onConnect(abortIt) {
        abort = abortIt;
        if (response.destroyed) abortIt();
      },
      onHeaders(status, raw, resume, statusText) {
        if (status < 200) return true;
        const headers = responseHeaders(textOf(raw), throttledMs);
        headers.push(...adds);
        if (back.isLast()) headers.push('connection', 'close');
        goOn = resume;
        head = { status, statusText, headers };
        length = toldLength(headers);
        if (!(length <= ONE_PIECE_BYTES)) sendHead();
        return true;
      },
      onData(chunk) {
        if (head !== undefined && chunk.length === length) {
          whole = chunk;
          return true;
        }
        sendHead();
        if (response.write(chunk)) return true;
        response.once('drain', goOn);
        return false;
      },
      onComplete() {
        isOver = true;
        sendHead();
        // As text of one byte each, Node writes it together with the head.
        if (whole === undefined) response.end();
        else response.end(whole.toString('latin1'), 'latin1');
      },
      onError(error) {
        isOver = true;
        if (response.destroyed) return;
        if (response.headersSent) response.destroy();
        else back.onProblem(error);
      },
    },
  );
}

/** Bytes of headers are told one for one. */
function textOf(raw: readonly (Buffer | string)[] | null): string[] {
  const text: string[] = [];
  for (const part of raw ?? [])
    text.push(typeof part === 'string' ? part : part.toString('latin1'));
  return text;
}

/** NaN when it is not told. */
function toldLength(headers: readonly string[]): number {
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() === 'content-length') return Number(headers[index + 1]);
  }
  return Number.NaN;
}
