import { unprocessable } from './api-error.js';
import type { Call, Reply } from './route.js';

const DEFAULT_PER_PAGE = 20;
const MOST_PER_PAGE = 200;

/** One page of a list under `name`, with `links` to the others and `meta.total`. */
export function page<T>(
  call: Call,
  path: string,
  name: string,
  items: readonly T[],
  view: (item: T) => unknown,
): Reply {
  const perPage = Math.min(positive(call, 'per_page', DEFAULT_PER_PAGE), MOST_PER_PAGE);
  const current = positive(call, 'page', 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const shown = items.slice((current - 1) * perPage, current * perPage);
  const link = (number: number): string => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(number));
    return `${call.origin}${path}?${query}`;
  };
  const pages = {
    ...(current > 1 && { first: link(1), prev: link(current - 1) }),
    ...(current < last && { next: link(current + 1), last: link(last) }),
  };
  return {
    status: 200,
    body: {
      [name]: shown.map(view),
      links: last > 1 ? { pages } : {},
      meta: { total: items.length },
    },
  };
}

function positive(call: Call, key: string, otherwise: number): number {
  const text = call.query.get(key);
  if (text === null || text === '') return otherwise;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw unprocessable(`${key} must be at least 1`);
  return number;
}
