import { request } from 'undici';
import type { Secret } from '../../lib/secret.js';
import { timeLimit } from '../../lib/time-limit.js';
import { GATEWAY_HEADER } from '../gateway-mark.js';
import { refusalOf } from './certificate-refused.js';
import type { ServerTrust } from './server-trust.js';
import { agentFor } from './trusting-agent.js';
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
}

/** Sends one query. @throws Unreachable, of which `CertificateRefused` is one */
export async function askManagement(props: ManagementQuery): Promise<ManagementReply> {
  const { host, path = '/management', query, token, trust, timeoutMs = 3000, signal } = props;
  const dispatcher = agentFor(trust);
  let text: string;
  let gateway: string | string[] | undefined;
  try {
    const { body, headers } = await request(new URL(path, host), {
      method: 'POST',
      // No connection stays open: servers restart while the kit waits for them.
      reset: true,
      ...(dispatcher && { dispatcher }),
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }),
      },
      body: JSON.stringify({ query }),
      signal: timeLimit(timeoutMs, signal),
    });
    gateway = headers[GATEWAY_HEADER];
    text = await body.text();
  } catch (error) {
    const refusal = await refusalOf(error, host, trust);
    throw refusal ?? new Unreachable(reasonOf(error, timeoutMs), { cause: error });
  }
  return { ...parseReply(text), gateway: typeof gateway === 'string' ? gateway : undefined };
}

function parseReply(text: string): Omit<ManagementReply, 'gateway'> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Unreachable(`the answer is not JSON: ${text.slice(0, 80)}`);
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

/** Undici hides the system error in the cause; the message needs that one. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const { cause } = error;
  return cause instanceof Error
    ? cause.message || String((cause as NodeJS.ErrnoException).code)
    : error.message;
}
