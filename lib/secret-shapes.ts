type Shape = readonly [shape: RegExp, shown: (found: string, ...parts: string[]) => string];

/**
 * What a secret looks like wherever it stands: the last line of defence, behind those that know theirs. Texts come
 * from outside, so no shape looks at a part of them twice: each takes all that could belong to it, and then decides.
 */
const SHAPES: readonly Shape[] = [
  [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    () => '[private key]',
  ],
  // The credentials of an address: everything between its scheme and the last @ before the path. A path that is
  // made of an address has one slash.
  [
    /\b([a-z][a-z0-9+.-]*)(?:(:\/{1,2})(?!\/)([^\s/@'":]*:[^\s'"]*))?/gi,
    (found, scheme, slashes, rest) => {
      const at = rest?.lastIndexOf('@') ?? -1;
      return at < 0 ? found : `${scheme}${slashes}[secret]${rest?.slice(at)}`;
    },
  ],
  // A name alone is a token for web servers, as of Git hosts.
  [/\b(https?:\/{1,2})(?!\/)[^\s/@'":]+@/gi, (_, start) => `${start}[secret]@`],
  [
    /([?&](?:password|passwd|pwd|secret|token|access_token|api_?key)=)[^&#\s'"]+/gi,
    (_, start) => `${start}[secret]`,
  ],
  [
    /\beyJ[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*)?/g,
    (found, rest) => (rest === undefined ? found : '[token]'),
  ],
  [/\bdo[opr]_v1_[0-9a-f]{16,}/g, () => '[token]'],
];

/** `text` with everything replaced that has the shape of a secret; for messages, not for results. */
export const withoutSecrets = (text: string): string =>
  SHAPES.reduce((rest, [shape, shown]) => rest.replace(shape, shown), text);
