import { redactor, Secret } from './secret.js';

/** Shorter lines of a secret cannot be distinguished from other text. */
const SHORTEST_LINE = 16;

/**
 * `redact` for a stream. Passes everything on at once, except for an end that may be the start of a
 * secret. Bytes that are not text stay unchanged.
 */
export class RedactStream {
  private readonly needles: readonly string[];
  private readonly redact: (text: string) => string;
  private held = '';

  constructor(secrets: readonly Secret[]) {
    const texts = secrets.map((secret) => Buffer.from(secret.reveal()).toString('latin1'));
    this.needles = [
      ...new Set(
        texts.flatMap((text) => {
          const lines = text.split(/\r?\n/);
          return lines.length === 1 ? lines : lines.filter((line) => line.length >= SHORTEST_LINE);
        }),
      ),
    ].filter((needle) => needle !== '');
    this.redact = redactor(this.needles.map((needle) => new Secret(needle)));
  }

  /** The part that can be passed on. */
  push(bytes: Uint8Array): Buffer {
    const text = this.held + Buffer.from(bytes).toString('latin1');
    const end = this.openFrom(text);
    this.held = text.slice(end);
    return this.redacted(text.slice(0, end));
  }

  /** The rest, at the end of the stream. */
  end(): Buffer {
    const { held } = this;
    this.held = '';
    return this.redacted(held);
  }

  private redacted(text: string): Buffer {
    return Buffer.from(this.redact(text), 'latin1');
  }

  /** Start of the end of `text` that may be part of a secret. */
  private openFrom(text: string): number {
    // No needle has more than one line.
    if (text.endsWith('\n')) return text.length;
    let end = text.length - Math.max(0, ...this.needles.map((needle) => openLength(text, needle)));
    for (let isMoved = true; isMoved; ) {
      isMoved = false;
      for (const needle of this.needles) {
        const at = end === 0 ? -1 : text.lastIndexOf(needle, end - 1);
        if (at === -1 || at + needle.length <= end) continue;
        end = at;
        isMoved = true;
      }
    }
    return end;
  }
}

/** Length of the longest end of `text` that `needle` starts with. */
function openLength(text: string, needle: string): number {
  let length = Math.min(needle.length - 1, text.length);
  while (length > 0 && !text.endsWith(needle.slice(0, length))) length -= 1;
  return length;
}
