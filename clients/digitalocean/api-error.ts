import { EXIT, KitError } from '../../lib/errors.js';
import { redact, type Secret } from '../../lib/secret.js';

/** A call in messages: method and address, without headers and body. */
export interface CallName {
  readonly method: string;
  readonly url: string;
}

/** A failed call to the API. Exit code 3. */
export class ApiError extends KitError {
  constructor(
    code: string,
    call: CallName,
    message: string,
    /** HTTP status; undefined: there was no answer. */
    readonly status: number | undefined,
    more: { hint?: string; cause?: unknown; retryAfterMs?: number | undefined } = {},
  ) {
    const { hint, cause } = more;
    const problem = { path: `${call.method} ${call.url}`, message, ...(hint && { hint }) };
    super(code, EXIT.environment, problem, { cause });
    this.retryAfterMs = more.retryAfterMs;
  }

  /** When the API accepts the next request. */
  readonly retryAfterMs: number | undefined;
}

/** Whether the API answered with one of these statuses. */
export const hasStatus = (error: unknown, ...statuses: readonly number[]): error is ApiError =>
  error instanceof ApiError && error.status !== undefined && statuses.includes(error.status);

/** The API's answer as an error: `token-refused`, `api-forbidden`, `api-unavailable`, … */
export function refusal(
  call: CallName,
  answer: {
    readonly status: number;
    readonly body: string;
    readonly requestId: string | undefined;
    readonly retryAfterMs: number | undefined;
  },
  token: Secret,
): ApiError {
  const { status, requestId, retryAfterMs } = answer;
  const [code, hint] = KINDS[status] ?? [status >= 500 ? 'api-unavailable' : 'api-refused'];
  const request = requestId === undefined ? '' : `, request ${requestId}`;
  const said = redact(textOf(answer.body), [token]);
  const later = retryAfterMs === undefined ? '' : `; ask again in ${retryAfterMs / 1000} s`;
  const message = `the DigitalOcean API answered ${status}: ${said}${later}${request}`;
  return new ApiError(code, call, message, status, { ...(hint && { hint }), retryAfterMs });
}

const KINDS: Readonly<Record<number, readonly [code: string, hint?: string]>> = {
  401: [
    'token-refused',
    'Make a new token in the control panel under API > Tokens, and export it as DIGITALOCEAN_TOKEN.',
  ],
  403: ['api-forbidden', 'Give the token the scope for this, or use one with full access.'],
  404: ['api-not-found'],
  429: [
    'api-rate-limited',
    'Wait some minutes; other programs with tokens of this user count too.',
  ],
};

/** The message of the API's own errors, which have two forms; else the beginning of the answer. */
function textOf(body: string): string {
  try {
    const { message, error } = JSON.parse(body) as { message?: unknown; error?: unknown };
    if (typeof message === 'string') return message;
    if (typeof error === 'string') return error;
  } catch {}
  return body.trim().slice(0, 120) || 'nothing';
}
