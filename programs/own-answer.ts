import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';

/** An answer of a program itself, not of what is behind it. */
export interface OwnAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterMs?: number;
  /** Closes the connection: more bytes will arrive that nobody reads. */
  readonly isLast?: boolean;
}

/** A refusal in the form that GraphQL clients read. @param code for programs */
export const refusal = (status: number, code: string, message: string): OwnAnswer => ({
  status,
  body: { data: null, errors: [{ message, extensions: { code } }] },
});

/**
 * Headers of an own answer, names and values in turn. Web pages may read it: it contains no data.
 */
export function ownHeaders(
  { retryAfterMs, isLast }: OwnAnswer,
  length: number,
  throttledMs: number,
) {
  const headers = [
    ...['content-type', 'application/json', 'content-length', String(length)],
    ...['access-control-allow-origin', '*', 'throttled-by', String(throttledMs)],
  ];
  if (retryAfterMs !== undefined) headers.push('retry-after', wholeSeconds(retryAfterMs));
  if (isLast) headers.push('connection', 'close');
  return headers;
}

/** Time for the rest of a body that nobody needs: a client reads its answer when it has sent it. */
const REST_MS = 2_000;

/** Sends an own answer; no other answer may have begun. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: OwnAnswer,
  throttledMs: number,
): void {
  const body = Buffer.from(JSON.stringify(answer.body));
  response.writeHead(answer.status, ownHeaders(answer, body.length, throttledMs));
  if (!answer.isLast || request.complete) {
    response.end(body);
    return;
  }
  // Closing at once would reset the connection, and the answer with it.
  response.write(body);
  const end = () => response.end();
  const timer = setTimeout(end, REST_MS);
  request.once('end', end).once('close', () => clearTimeout(timer));
  request.resume();
}

/** An own answer as text, for a connection without a `ServerResponse`. It closes the connection. */
export function answerText(own: OwnAnswer, throttledMs: number): string {
  const body = JSON.stringify(own.body);
  const last = { ...own, isLast: true };
  const headers = ownHeaders(last, Buffer.byteLength(body), throttledMs);
  return headText(`HTTP/1.1 ${own.status} ${STATUS_CODES[own.status]}`, headers) + body;
}

/** The head of a message as text. @param headers names and values in turn */
export function headText(firstLine: string, headers: readonly string[]): string {
  const lines = [firstLine];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    lines.push(`${headers[index]}: ${headers[index + 1]}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const wholeSeconds = (ms: number): string => String(Math.max(1, Math.ceil(ms / 1000)));
