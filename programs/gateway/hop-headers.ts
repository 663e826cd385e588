import { DERIVED_HEADER } from '../../prisma/derived-mark.js';
import { GATEWAY_HEADER } from '../../prisma/gateway-mark.js';
import { endToEnd, HOP_HEADERS, type RawHeaders } from '../hop-headers.js';

/** Headers that the gateway sets, or has handled. */
const OWN = ['expect', 'forwarded', 'throttled-by', GATEWAY_HEADER, DERIVED_HEADER];
const FORWARDED = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'];
const NOT_ONWARD = new Set([...HOP_HEADERS, ...OWN, ...FORWARDED]);
const NOT_BACK = new Set([...HOP_HEADERS, ...OWN]);
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
  const kept = endToEnd(raw, NOT_BACK);
  kept.push('throttled-by', String(throttledMs));
  return kept;
}
