/** Headers that belong to a single connection, not to the message: RFC 9110, section 7.6.1. */
export const HOP_HEADERS: readonly string[] = [
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings'],
];
/** Headers that frame or route a message: listing them in `Connection` has no effect. */
const PINNED = new Set([
  ...['host', 'content-length', 'content-type', 'authorization', 'keep-alive', 'close'],
]);

/** Names and values in turn, as received. */
export type RawHeaders = readonly string[];

const NONE: readonly string[] = [];

/**
 * The headers that go on with the message.
 *
 * One pass, since every request needs two; a second one only when `Connection` names headers.
 * @param dropped names in lower case, with {@link HOP_HEADERS} among them
 * @param without more such names
 */
export function endToEnd(
  raw: RawHeaders,
  dropped: ReadonlySet<string>,
  without: readonly string[] = NONE,
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
