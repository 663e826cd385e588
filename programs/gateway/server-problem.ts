import { type OwnAnswer, refusal } from '../own-answer.js';

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
