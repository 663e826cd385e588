/** Longer texts are not needed to find them in the file, and are more likely a secret. */
const LONGEST = 40;

/** Keys whose value is, or has, a secret. */
const SECRET_KEY = /secret|password|passwd|token|key|external|url|uri|credential/i;

/**
 * A value of a configuration file, for an error message: a number, a short word, or what kind of value it
 * is. What may be a secret is never shown.
 *
 * @param key the key that has the value
 */
export function shownValue(value: unknown, key = ''): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  if (typeof value !== 'string') return String(value);
  if (value.length <= LONGEST && !SECRET_KEY.test(key) && !looksSecret(value)) {
    return JSON.stringify(value);
  }
  return `a text of ${value.length} characters`;
}

/** A key of a configuration file, for an error message: a text may have come to be a key by mistake. */
export const shownKey = (key: string): string =>
  key.length > LONGEST || looksSecret(key) ? `(${shownValue(key, 'key')})` : key;

/** Tokens, credentials in an address, keys: letters and digits without an end, or signs of their own. */
const looksSecret = (text: string): boolean =>
  /@|-----|^eyJ|[A-Za-z]_[A-Za-z0-9]+_|[A-Za-z0-9+/=_-]{24,}/.test(text);
