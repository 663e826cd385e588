import { type OwnAnswer, refusal } from '../../own-answer.js';
import type { BodyProblem } from './incoming-body.js';

/** The answer to a compressed body: servers do not read them, and the gateway cannot count them. */
export const ENCODED = refusal(415, 'BAD_REQUEST', 'Bodies must be sent without Content-Encoding.');

/** The answer to a client whose request waits behind too many others. */
export const BUSY: OwnAnswer = {
  ...refusal(503, 'BUSY', 'The gateway holds too many requests at the moment.'),
  retryAfterMs: 1_000,
  isLast: true,
};

/** The answer to a body that is not there. A client that has left never reads it. */
export function bodyProblem(problem: BodyProblem, limitBytes: number): OwnAnswer {
  switch (problem) {
    case 'too-large':
      return refusal(413, 'TOO_LARGE', `The body exceeds ${limitBytes} bytes.`);
    case 'too-slow':
      return { ...refusal(408, 'BAD_REQUEST', 'The body did not arrive in time.'), isLast: true };
    default:
      return BUSY;
  }
}
