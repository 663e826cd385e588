import type { ByteSink } from '../../lib/outlet.js';
import { PrintableStream, printableJson } from '../../lib/printable.js';
import type { LogPiece } from '../../targets/common/logs.js';

/** Writes the pieces of a log. */
export interface LogOutput {
  write(piece: LogPiece): Promise<void>;
  /** Writes a last line without a line break. */
  end(): Promise<void>;
}

/**
 * Writes a log: unchanged, or as text and colours for a terminal. When two logs alternate, a line names the
 * next one.
 */
export function plainLog(out: ByteSink, isMixed: boolean, isTerminal: boolean): LogOutput {
  const shown = new Map<string, PrintableStream>();
  let source: string | undefined;
  let isLineOpen = false;
  return {
    write: async ({ source: from, stream, bytes }) => {
      if (isMixed && from !== source) {
        await out.write(Buffer.from(`${isLineOpen ? '\n' : ''}==> ${from} <==\n`));
      }
      source = from;
      isLineOpen = bytes.at(-1) !== NEWLINE;
      if (!isTerminal) return out.write(bytes);
      const key = `${from} ${stream}`;
      const text = shown.get(key) ?? new PrintableStream();
      shown.set(key, text);
      await out.write(Buffer.from(text.push(bytes)));
    },
    end: async () => {
      for (const text of shown.values()) await out.write(Buffer.from(text.end()));
    },
  };
}

/** One line of a log in `--json`. Stable. */
interface LogLine {
  readonly source: LogPiece['source'];
  readonly stream: LogPiece['stream'];
  readonly time: string | null;
  /** Without its line break. */
  readonly text: string;
}

/** Writes one JSON value per line of a log. */
export function jsonLog(out: ByteSink): LogOutput {
  const open = new Map<string, { readonly piece: LogPiece; readonly parts: Uint8Array[] }>();
  const writeLine = async ({ source, stream, time }: LogPiece, line: Buffer) => {
    const value: LogLine = { source, stream, time, text: String(line) };
    await out.write(Buffer.from(`${printableJson(value)}\n`));
  };
  return {
    write: async (piece) => {
      const key = `${piece.source} ${piece.stream}`;
      let rest = Buffer.from(piece.bytes);
      for (let at = rest.indexOf(NEWLINE); at !== -1; at = rest.indexOf(NEWLINE)) {
        const begun = open.get(key);
        open.delete(key);
        const line = Buffer.concat([...(begun?.parts ?? []), rest.subarray(0, at)]);
        await writeLine(begun?.piece ?? piece, line);
        rest = rest.subarray(at + 1);
      }
      if (rest.length === 0) return;
      const begun = open.get(key) ?? { piece, parts: [] };
      begun.parts.push(rest);
      open.set(key, begun);
    },
    end: async () => {
      for (const { piece, parts } of open.values()) await writeLine(piece, Buffer.concat(parts));
      open.clear();
    },
  };
}

const NEWLINE = 10;
