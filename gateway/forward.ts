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
  /** Whether the connection to the client ends with this answer. */
  readonly isLast: () => boolean;
  /** The server did not answer, and nothing has been sent to the client yet. */
  readonly onProblem: (error: NodeJS.ErrnoException) => void;
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
  response.once('close', () => {
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
        const headers = [...responseHeaders(textOf(raw), throttledMs), ...adds];
        if (back.isLast()) headers.push('connection', 'close');
        response.writeHead(status, statusText, headers);
        goOn = resume;
        return true;
      },
      onData(chunk) {
        if (response.write(chunk)) return true;
        response.once('drain', goOn);
        return false;
      },
      onComplete() {
        isOver = true;
        response.end();
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
  return (raw ?? []).map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
}
