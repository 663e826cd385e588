import { ask } from '../../lib/http/ask.js';
import { jsonAnswer } from '../../lib/http/json-answer.js';
import { NoAnswer } from '../../lib/http/no-answer.js';
import { redact } from '../../lib/secret.js';
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
    return jsonAnswer(text);
  } catch (cause) {
    const message = redact((cause as Error).message, [access.token]);
    throw new ApiError('api-unexpected', call, message, status, { cause });
  }

  async function exchange() {
    try {
      return await ask({
        url: call.url,
        method,
        headers: {
          authorization: `Bearer ${access.token.reveal()}`,
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        maxBytes: MAX_BYTES,
        timeoutMs,
        signal,
      });
    } catch (cause) {
      signal?.throwIfAborted();
      const reason = cause instanceof Error ? cause.message : String(cause);
      const status = cause instanceof NoAnswer ? cause.status : undefined;
      if (status !== undefined) {
        const code = status < 400 && status >= 300 ? 'api-refused' : 'api-unexpected';
        throw new ApiError(code, call, `the API answered ${status}: ${reason}`, status, { cause });
      }
      throw new ApiError('api-unreachable', call, `no answer of the API: ${reason}`, undefined, {
        cause,
        hint: 'Check the network of this machine, its proxy settings, and the status page of DigitalOcean.',
      });
    }
  }
}

/** A page of 200 objects with all their details. */
const MAX_BYTES = 16 * 1024 * 1024;

const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

/** The seconds of `Retry-After`. */
function delayFrom(header: string | undefined): number | undefined {
  const seconds = Number(header);
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : undefined;
}
