import { isBrokenRequest } from '../forward.js';
import { type OwnAnswer, refusal } from '../own-answer.js';

const TIMEOUTS = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT'];
/** The answer to the client when the server did not answer. */
export function serverProblem(error: NodeJS.ErrnoException): OwnAnswer {
  const { code } = error;
  if (isBrokenRequest(error)) {
    return refusal(400, 'BAD_REQUEST', 'The request cannot be passed on: its headers are broken.');
  }
  if (code !== undefined && TIMEOUTS.includes(code)) {
    return refusal(504, 'SERVER_TIMEOUT', 'The server behind the gateway did not answer in time.');
  }
  return refusal(502, 'SERVER_UNREACHABLE', 'The server behind the gateway did not answer.');
}
