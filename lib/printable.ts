/**
 * Characters that a terminal acts on, that change the order of what is shown, or that nobody sees: controls,
 * formats (bidirectional marks, zero-width signs, tags), line separators, halves of surrogates.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Text from outside as text: names, versions and messages of servers, output of other programs. What is not
 * printable is shown as an escape, such as `\u001b`; line breaks and tabs stay.
 */
export const printable = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replace(UNPRINTABLE, (char) => (char === '\n' || char === '\t' ? char : escapeOf(char)));

/** {@link printable}, on one line. */
export const printableLine = (text: string): string => text.replace(UNPRINTABLE, escapeOf);

/** `value` as JSON that a terminal can show: the same value, with escapes for what is not printable. */
export const printableJson = (value: unknown, indent?: number): string =>
  // JSON has escapes of its own for line breaks; the others are those of `indent`.
  JSON.stringify(value, null, indent).replace(UNPRINTABLE, (char) =>
    char === '\n' ? char : jsonEscapeOf(char),
  );

function escapeOf(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (char === '\n') return '\\n';
  if (char === '\r') return '\\r';
  if (char === '\t') return '\\t';
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

const jsonEscapeOf = (char: string): string =>
  Array.from({ length: char.length }, (_, i) => char.charCodeAt(i))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');

/** Colours of text. They change nothing but the look, and end with the line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour starts with ESC
const COLOUR = /(\x1b\[[0-9;:]*m)/;
/** An end that may go on as a colour. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour starts with ESC
const OPEN_COLOUR = /\x1b(?:\[[0-9;:]{0,30})?$/;

/** Makes a stream of bytes printable for a terminal, and leaves its colours. */
export class PrintableStream {
  private readonly decoder = new TextDecoder();
  private held = '';

  /** The part that can be shown. */
  push(bytes: Uint8Array): string {
    const text = this.held + this.decoder.decode(bytes, { stream: true });
    const end = OPEN_COLOUR.exec(text)?.index ?? text.length;
    this.held = text.slice(end);
    return withColours(text.slice(0, end));
  }

  /** The rest. */
  end(): string {
    const rest = this.held + this.decoder.decode();
    this.held = '';
    return withColours(rest);
  }
}

const withColours = (text: string): string =>
  text
    .split(COLOUR)
    .map((part, i) => (i % 2 === 1 ? part : printable(part)))
    .join('');
