import { type Answer, ask } from '../../lib/http/ask.js';
import { jsonAnswer } from '../../lib/http/json-answer.js';
import { NoAnswer } from '../../lib/http/no-answer.js';
import type { Secret } from '../../lib/secret.js';
import { DERIVED_HEADER, DERIVED_VALUE } from '../derived-mark.js';
import { GATEWAY_HEADER } from '../gateway-mark.js';
import { refusalOf } from './certificate-refused.js';
import { clockAhead } from './clock.js';
import type { ServerTrust } from './server-trust.js';
import { tlsOptionsOf } from './tls-options.js';
import { Unreachable } from './unreachable.js';

export { Unreachable };

/** Path of the management API; generation A has only `/cluster`. */
export type ManagementPath = '/management' | '/cluster';

/** One query to the management API of a server. */
export interface ManagementQuery {
  /** Base address such as `http://localhost:4466`. */
  readonly host: string;
  /** @default '/management' */
  readonly path?: ManagementPath;
  readonly query: string;
  /** Sent as `Authorization: Bearer …`. @default - no such header */
  readonly token?: Secret;
  /** What verifies an https server. @default - the well-known authorities */
  readonly trust?: ServerTrust | undefined;
  /** @default 3000 */
  readonly timeoutMs?: number;
  /** Ends the wait early: an interrupt, or a time limit for several queries. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The answer. Refusals have HTTP status 200 and a code: 3015 is 'authentication token is invalid'.
 */
export interface ManagementReply {
  readonly data: Record<string, unknown> | undefined;
  readonly code: number | undefined;
  readonly message: string | undefined;
  /** Version of the gateway before the server. */
  readonly gateway: string | undefined;
  /** It says that it also accepts the secret derived from its key pair. */
  readonly derivedSecret: boolean;
  /** How far its clock is ahead of ours, in milliseconds. */
  readonly clockAheadMs: number | undefined;
}

/** Sends one query. @throws Unreachable, of which `CertificateRefused` is one */
export async function askManagement(props: ManagementQuery): Promise<ManagementReply> {
  const { host, path = '/management', query, token, trust, timeoutMs = 3000, signal } = props;
  // Not an address at all: the caller knows where it comes from.
  const url = new URL(path, host);
  let answer: Answer;
  try {
    answer = await ask({
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }),
      },
      body: JSON.stringify({ query }),
      tls: tlsOptionsOf(trust),
      timeoutMs,
      signal,
    });
  } catch (error) {
    const cause = error instanceof NoAnswer ? error.cause : error;
    const refusal = await refusalOf(cause, host, trust);
    throw refusal ?? new Unreachable((error as Error).message, { cause });
  }
  const gateway = answer.headers[GATEWAY_HEADER];
  const reply = parseReply(answer.text);
  return {
    ...reply,
    gateway: typeof gateway === 'string' ? gateway : undefined,
    derivedSecret: answer.headers[DERIVED_HEADER] === DERIVED_VALUE,
    clockAheadMs: clockAhead(answer.headers.date, Date.now()),
  };
}

function parseReply(
  text: string,
): Omit<ManagementReply, 'gateway' | 'derivedSecret' | 'clockAheadMs'> {
  let body: unknown;
  try {
    body = jsonAnswer(text);
  } catch (error) {
    throw new Unreachable((error as Error).message, { cause: error });
  }
  if (typeof body !== 'object' || body === null) throw new Unreachable('the answer is not GraphQL');
  const { data, errors } = body as { data?: unknown; errors?: unknown };
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const error = (typeof first === 'object' ? first : null) as { code?: unknown; message?: unknown };
  return {
    data: typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : undefined,
    code: typeof error?.code === 'number' ? error.code : undefined,
    message: typeof error?.message === 'string' ? error.message : undefined,
  };
}
