import type { Duplex } from 'node:stream';
import type { Exchange } from './exchange.js';
import { answerText, refusal } from './own-answer.js';

const STATUSES: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};
const MESSAGES: Readonly<Record<number, string>> = {
  400: 'The request cannot be read.',
  408: 'The request did not arrive in time.',
  413: 'The request has too long chunk extensions.',
  431: 'The headers of the request are too long.',
};

/**
 * Answers what Node's parser did not take, and ends the connection.
 * @param running the request that is on the connection, if any
 * @returns the status, when it was answered here
 */
export function answerBroken(
  { code = '' }: NodeJS.ErrnoException,
  client: Duplex,
  running: Exchange | undefined,
): number | undefined {
  // What is not the running request's own may not be taken for its answer.
  const isOwn = running === undefined || !running.request.complete;
  if (!client.writable || !isOwn || running?.response.headersSent) {
    client.destroy();
    return undefined;
  }
  const status = STATUSES[code] ?? 400;
  const own = refusal(status, 'BAD_REQUEST', MESSAGES[status] ?? '');
  client.end(answerText(own, running?.throttledMs ?? 0), 'latin1', () => client.destroy());
  return status;
}
