import { DERIVED_HEADER } from '../../prisma/derived-mark.js';
import { GATEWAY_HEADER } from '../../prisma/gateway-mark.js';

/** Headers that belong to a single connection, not to the message: RFC 9110, section 7.6.1. */
const HOP = [
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings'],
];
/** Headers that the gateway sets, or has handled. */
const OWN = ['expect', 'forwarded', 'throttled-by', GATEWAY_HEADER, DERIVED_HEADER];
const FORWARDED = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'];
const NOT_ONWARD = new Set([...HOP, ...OWN, ...FORWARDED]);
const NOT_BACK = new Set([...HOP, ...OWN]);
/** Headers that frame or route a message: listing them in `Connection` has no effect. */
const PINNED = new Set([
  ...['host', 'content-length', 'content-type', 'authorization', 'keep-alive', 'close'],
]);

/** Names and values in turn, as received. */
export type RawHeaders = readonly string[];

/**
 * The headers for the server.
 * @param host as the client asked for it
 * @param without more names to leave out, in lower case
 */
export function requestHeaders(
  raw: RawHeaders,
  {
    peer,
    scheme,
    forwardedFor,
  }: {
    /** Address of the connection. */
    readonly peer: string;
    /** Protocol between client and first proxy, from trusted proxies only. */
    readonly scheme: 'http' | 'https';
    /** `x-forwarded-for` of a trusted proxy; others are dropped. */
    readonly forwardedFor?: string | undefined;
  },
  host: string | undefined,
  without: readonly string[] = [],
): string[] {
  const kept = endToEnd(raw, NOT_ONWARD, without);
  const chain = forwardedFor ? `${forwardedFor}, ${peer}` : peer;
  kept.push('x-forwarded-for', chain, 'x-forwarded-proto', scheme);
  if (host !== undefined) kept.push('x-forwarded-host', host);
  return kept;
}

/** The headers of the server's answer for the client, with the delay. */
export function responseHeaders(raw: RawHeaders, throttledMs: number): string[] {
  const kept = endToEnd(raw, NOT_BACK, []);
  kept.push('throttled-by', String(throttledMs));
  return kept;
}

/** One pass, since every request needs two; a second one only when `Connection` names headers. */
function endToEnd(
  raw: RawHeaders,
  dropped: ReadonlySet<string>,
  without: readonly string[],
): string[] {
  const kept: string[] = [];
  let named: string[] | undefined;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    const lower = name.toLowerCase();
    if (dropped.has(lower)) {
      if (lower === 'connection') named = [...(named ?? []), ...namedBy(value)];
    } else if (!without.includes(lower)) kept.push(name, value);
  }
  return named === undefined || named.length === 0 ? kept : endToEnd(kept, dropped, named);
}

/** The headers that a `Connection` header names. */
function namedBy(value: string): string[] {
  if (value === 'keep-alive' || value === 'close') return [];
  return value
    .split(',')
    .map((token) => token.trim().toLowerCase())
    .filter((token) => !PINNED.has(token));
}
