/** Headers that mean the connection they come by, not the message: RFC 9110, section 7.6.1. */
const HOP = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings'],
]);
/** What the gateway says itself, or has answered itself already. */
const OWN = new Set(['expect', 'forwarded', 'throttled-by']);
const FORWARDED = new Set(['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host']);

/** Names and values in turn, as they came. */
export type RawHeaders = readonly string[];

/** Who asked, by which way. */
export interface Origin {
  /** Address of the connection. */
  readonly peer: string;
  /** How the client came to the first proxy, as far as that can be believed. */
  readonly scheme: 'http' | 'https';
  readonly host: string | undefined;
  /** `x-forwarded-for` of a proxy that is believed; others' are dropped. */
  readonly forwardedFor?: string | undefined;
}

/** The headers that go on to the server. @param without further names to leave out, in lower case */
export function requestHeaders(
  raw: RawHeaders,
  { peer, scheme, host, forwardedFor }: Origin,
  without: readonly string[] = [],
): string[] {
  const kept = endToEnd(raw, (name) => FORWARDED.has(name) || without.includes(name));
  const chain = forwardedFor ? `${forwardedFor}, ${peer}` : peer;
  kept.push('x-forwarded-for', chain, 'x-forwarded-proto', scheme);
  if (host !== undefined) kept.push('x-forwarded-host', host);
  return kept;
}

/** The headers of the server's answer that go on to the client, with the delay. */
export function responseHeaders(raw: RawHeaders, throttledMs: number): string[] {
  const kept = endToEnd(raw, () => false);
  kept.push('throttled-by', String(throttledMs));
  return kept;
}

function endToEnd(raw: RawHeaders, drop: (name: string) => boolean): string[] {
  const named = namedByConnection(raw);
  const kept: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [name = '', value = ''] = [raw[index], raw[index + 1]];
    const lower = name.toLowerCase();
    if (HOP.has(lower) || OWN.has(lower) || named?.has(lower) || drop(lower)) continue;
    kept.push(name, value);
  }
  return kept;
}

/** What `Connection` names is of this hop too; it cannot name what frames or routes the message. */
function namedByConnection(raw: RawHeaders): Set<string> | undefined {
  let named: Set<string> | undefined;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    if (raw[index]?.toLowerCase() !== 'connection') continue;
    for (const token of raw[index + 1]?.split(',') ?? []) {
      const name = token.trim().toLowerCase();
      if (PINNED.has(name) || name === 'keep-alive' || name === 'close') continue;
      named ??= new Set();
      named.add(name);
    }
  }
  return named;
}

const PINNED = new Set(['host', 'content-length', 'content-type', 'authorization']);
