import type { Duplex } from 'node:stream';
import { answerText, refusal } from '../own-answer.js';
import type { Exchange } from './exchange.js';

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
 * Answers a request that Node's parser rejects, and closes the connection.
 * @param running the unanswered request on the connection, if any
 * @param close ends the connection, once the answer is sent
 * @returns the status, if this function answered
 */
export function answerBroken(
  { code = '' }: NodeJS.ErrnoException,
  client: Duplex,
  running: Exchange | undefined,
  close: () => void,
): number | undefined {
  // The error may belong to a later request: its answer must not be taken for the running one's.
  const isOwn = running === undefined || !running.request.complete;
  if (!client.writable || !isOwn || running?.response.headersSent) {
    client.destroy();
    return undefined;
  }
  const status = STATUSES[code] ?? 400;
  const own = refusal(status, 'BAD_REQUEST', MESSAGES[status] ?? '');
  client.end(answerText(own, running?.throttledMs ?? 0), 'latin1', close);
  return status;
}
