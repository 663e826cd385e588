import { inspect } from 'node:util';

const REDACTED = '[secret]';

/**
 * A value that never prints itself: string conversion, JSON and `console` show `[secret]`.
 * Only {@link Secret.reveal} returns it, so that every use of a secret can be found by search.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The plain value. Use it in files, requests and signatures, never in logs, argv or state. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}

/** `text` with every one of `secrets` (and each of its lines of 16 or more characters) replaced. */
export const redact = (text: string, secrets: readonly Secret[]): string => redactor(secrets)(text);

/** {@link redact} with the same secrets, for many texts. */
export function redactor(secrets: readonly Secret[]): (text: string) => string {
  const needles = secrets
    .map((secret) => secret.reveal())
    .flatMap((value) => [value, ...value.split(/\r?\n/).filter((line) => line.length >= 16)])
    .filter((needle) => needle.length > 0)
    .sort((a, b) => b.length - a.length);
  return (text) => needles.reduce((rest, needle) => rest.replaceAll(needle, REDACTED), text);
}
