import { request } from 'undici';
import { redact } from '../../lib/secret.js';
import { timeLimit } from '../../lib/time-limit.js';
import type { ApiAccess } from './access.js';
import { ApiError, type CallName, refusal } from './api-error.js';

/** One request to the API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path from `/v2` on, with its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends one request, without retries, and returns the parsed JSON of a success; `undefined` when
 * empty. Follows no redirect, so that the token goes to no other host.
 * @throws ApiError
 */
export async function sendRequest(access: ApiAccess, props: ApiRequest): Promise<unknown> {
  const { method, path, body, timeoutMs, signal } = props;
  const call: CallName = { method, url: access.url + path };
  const { status, headers, text } = await exchange();
  if (status < 200 || status > 299) {
    const requestId = first(headers['x-request-id']);
    const retryAfterMs = delayFrom(first(headers['retry-after']));
    throw refusal(call, { status, body: text, requestId, retryAfterMs }, access.token);
  }
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const message = `the answer is not JSON: ${redact(text.slice(0, 80), [access.token])}`;
    throw new ApiError('api-unexpected', call, message, status, { cause });
  }

  async function exchange() {
    try {
      const answer = await request(call.url, {
        method,
        headers: {
          authorization: `Bearer ${access.token.reveal()}`,
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: timeLimit(timeoutMs, signal),
      });
      const text = await answer.body.text();
      return { status: answer.statusCode, headers: answer.headers, text };
    } catch (cause) {
      signal?.throwIfAborted();
      throw new ApiError('api-unreachable', call, reasonOf(cause, timeoutMs), undefined, {
        cause,
        hint: 'Check the network of this machine, and the status page of DigitalOcean.',
      });
    }
  }
}

const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

/** The seconds of `Retry-After`. */
function delayFrom(header: string | undefined): number | undefined {
  const seconds = Number(header);
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : undefined;
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const { code } = error as NodeJS.ErrnoException;
  return `the API cannot be reached (${error.message || code})`;
}
