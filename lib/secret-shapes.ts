/** What a secret looks like wherever it stands: the last line of defence, behind those that know theirs. */
const SHAPES: readonly (readonly [shape: RegExp, shown: string])[] = [
  [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    '[private key]',
  ],
  // The credentials of an address: everything between its scheme and the last @ before the path. A path that is
  // made of an address has one slash.
  [/\b([a-z][a-z0-9+.-]*:\/{1,2})(?!\/)[^\s/@'"]*:[^\s'"]*@/gi, '$1[secret]@'],
  // A name alone is a token for web servers, as of Git hosts.
  [/\b(https?:\/{1,2})(?!\/)[^\s/@'":]+@/gi, '$1[secret]@'],
  [/([?&](?:password|passwd|pwd|secret|token|access_token|api_?key)=)[^&#\s'"]+/gi, '$1[secret]'],
  [/\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, '[token]'],
  [/\bdo[opr]_v1_[0-9a-f]{16,}/g, '[token]'],
];

/** `text` with everything replaced that has the shape of a secret; for messages, not for results. */
export const withoutSecrets = (text: string): string =>
  SHAPES.reduce((rest, [shape, shown]) => rest.replace(shape, shown), text);
