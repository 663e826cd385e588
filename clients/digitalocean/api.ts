import { setTimeout as pause } from 'node:timers/promises';
import pRetry from 'p-retry';
import { z } from 'zod';
import type { ApiAccess } from './access.js';
import { ApiError, hasStatus } from './api-error.js';
import { type ApiRequest, sendRequest } from './send-request.js';

/** Limits of each call. */
export interface ApiBounds {
  /** Time limit of one attempt. @default 20 000 */
  readonly timeoutMs?: number;
  /** Attempts after the first. @default 4 */
  readonly retries?: number;
  /** Pause before the first retry, doubled each time. @default 500 */
  readonly pauseMs?: number;
  /**
   * The longest `Retry-After` to wait for.
   * @default 65 000, just above the API's limit per minute
   */
  readonly patienceMs?: number;
  readonly signal?: AbortSignal | undefined;
}

type Query = Readonly<Record<string, string | number>>;

/**
 * The DigitalOcean API as the kit uses it. Every answer is validated; every call may throw
 * ApiError.
 */
export interface Api {
  get<T>(path: string, answer: z.ZodType<T>): Promise<T>;
  /** All pages of the list in the field `key`. */
  list<T>(path: string, key: string, item: z.ZodType<T>, query?: Query): Promise<T[]>;
  /**
   * Retries only what certainly had no effect (429): the API may have executed a request whose
   * answer was lost. `again`: retries in that case too, because the request is idempotent.
   */
  post<T>(path: string, body: unknown, answer: z.ZodType<T>, how?: 'once' | 'again'): Promise<T>;
  /** Replaces a whole object; idempotent, so it is retried. */
  put(path: string, body: unknown): Promise<void>;
  /** An object that is already gone counts as done. */
  remove(path: string): Promise<'removed' | 'absent'>;
}

const PER_PAGE = 200;
const MOST_PAGES = 500;

/**
 * Opens the API. Retries calls without a connection, with 429 (after its `Retry-After`) or with
 * 5xx.
 */
export function openApi(access: ApiAccess, bounds: ApiBounds = {}): Api {
  const call = (
    props: Pick<ApiRequest, 'method' | 'path' | 'body'>,
    how: 'once' | 'again' = 'once',
  ): Promise<unknown> =>
    persist(how === 'again' || props.method !== 'POST', bounds, () =>
      sendRequest(access, {
        ...props,
        timeoutMs: bounds.timeoutMs ?? 20_000,
        signal: bounds.signal,
      }),
    );
  const checked = <T>(method: string, path: string, answer: z.ZodType<T>, value: unknown): T => {
    const result = answer.safeParse(value);
    if (result.success) return result.data;
    const wrong = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    const message = `the answer does not have the documented form (${wrong.slice(0, 3).join('; ')})`;
    throw new ApiError('api-unexpected', { method, url: access.url + path }, message, 200);
  };
  return {
    get: async (path, answer) => checked('GET', path, answer, await call({ method: 'GET', path })),
    list: async (path, key, item, query = {}) => {
      const page = pageOf(key, item);
      const all = [];
      for (let number = 1; number <= MOST_PAGES; number++) {
        const words = { ...query, page: number, per_page: PER_PAGE };
        const at = `${path}?${new URLSearchParams(mapText(words))}`;
        const { items, hasNext } = checked(
          'GET',
          at,
          page,
          await call({ method: 'GET', path: at }),
        );
        all.push(...items);
        if (!hasNext) break;
      }
      return all;
    },
    post: async (path, body, answer, how) =>
      checked('POST', path, answer, await call({ method: 'POST', path, body }, how)),
    put: async (path, body) => void (await call({ method: 'PUT', path, body })),
    remove: async (path) => {
      try {
        await call({ method: 'DELETE', path });
        return 'removed';
      } catch (error) {
        if (hasStatus(error, 404)) return 'absent';
        throw error;
      }
    },
  };
}

/**
 * Reads the page number of a link but never follows the link, which could lead the token elsewhere.
 */
const pageOf = <T>(key: string, item: z.ZodType<T>) =>
  z
    .object({
      [key]: z.array(item),
      links: z.object({ pages: z.object({ next: z.string().nullish() }).nullish() }).nullish(),
    })
    .transform((answer) => ({
      items: answer[key] as T[],
      hasNext: Boolean(
        (answer.links as { pages?: { next?: string } | null } | null | undefined)?.pages?.next,
      ),
    }));

const mapText = (query: Query) =>
  Object.fromEntries(Object.entries(query).map(([key, value]) => [key, String(value)]));

async function persist<T>(isRepeatable: boolean, bounds: ApiBounds, attempt: () => Promise<T>) {
  const { retries = 4, pauseMs = 500, patienceMs = 65_000, signal } = bounds;
  return pRetry(attempt, {
    retries,
    minTimeout: pauseMs,
    maxTimeout: 30_000,
    randomize: true,
    shouldRetry: async ({ error, retriesLeft }) => {
      if (!(error instanceof ApiError) || retriesLeft === 0) return false;
      if (!isPassing(isRepeatable, error)) return false;
      const { retryAfterMs = 0 } = error;
      if (retryAfterMs > patienceMs) return false;
      if (retryAfterMs > 0) await pause(retryAfterMs, undefined, { ...(signal && { signal }) });
      return true;
    },
    ...(signal && { signal }),
  });
}

function isPassing(isRepeatable: boolean, { status, code }: ApiError): boolean {
  if (status === 429) return true;
  if (!isRepeatable) return false;
  return code === 'api-unreachable' || (status !== undefined && status >= 500);
}
