import { GATEWAY_HEADER } from '../../prisma/gateway-mark.js';

/** Headers that mean the connection they come by, not the message: RFC 9110, section 7.6.1. */
const HOP = [
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings'],
];
/** What the gateway says itself, or has answered itself already. */
const OWN = ['expect', 'forwarded', 'throttled-by', GATEWAY_HEADER];
const FORWARDED = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'];
const NOT_ONWARD = new Set([...HOP, ...OWN, ...FORWARDED]);
const NOT_BACK = new Set([...HOP, ...OWN]);
/** What frames or routes a message: `Connection` cannot name it, and says nothing by these two. */
const PINNED = new Set([
  ...['host', 'content-length', 'content-type', 'authorization', 'keep-alive', 'close'],
]);

/** Names and values in turn, as they came. */
export type RawHeaders = readonly string[];

/** Who asked, by which way. */
export interface Origin {
  /** Address of the connection. */
  readonly peer: string;
  /** How the client came to the first proxy, as far as that can be believed. */
  readonly scheme: 'http' | 'https';
  /** `x-forwarded-for` of a proxy that is believed; others' are dropped. */
  readonly forwardedFor?: string | undefined;
}

/**
 * The headers that go on to the server.
 * @param host as the client has asked for it
 * @param without further names to leave out, in lower case
 */
export function requestHeaders(
  raw: RawHeaders,
  { peer, scheme, forwardedFor }: Origin,
  host: string | undefined,
  without: readonly string[] = [],
): string[] {
  const kept = endToEnd(raw, NOT_ONWARD, without);
  const chain = forwardedFor ? `${forwardedFor}, ${peer}` : peer;
  kept.push('x-forwarded-for', chain, 'x-forwarded-proto', scheme);
  if (host !== undefined) kept.push('x-forwarded-host', host);
  return kept;
}

/** The headers of the server's answer that go on to the client, with the delay. */
export function responseHeaders(raw: RawHeaders, throttledMs: number): string[] {
  const kept = endToEnd(raw, NOT_BACK, []);
  kept.push('throttled-by', String(throttledMs));
  return kept;
}

/** One pass, since every request takes it twice; a second one where `Connection` names headers. */
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

/** The headers that a `Connection` header takes for its hop. */
function namedBy(value: string): string[] {
  if (value === 'keep-alive' || value === 'close') return [];
  return value
    .split(',')
    .map((token) => token.trim().toLowerCase())
    .filter((token) => !PINNED.has(token));
}
