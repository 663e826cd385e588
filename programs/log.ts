/** Writes one line; the only output of a program besides its answers. */
export type Log = (line: string) => void;

/** A {@link Log} that adds the time and keeps each entry on one line. */
export const stampedLog =
  (write: (text: string) => void, now: () => Date): Log =>
  (line) =>
    write(`${now().toISOString()} ${line.replace(/\s*\n\s*/g, ' ')}\n`);

/** The reason of an error, without its stack. Failed connections may have a code and no message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || String((error as NodeJS.ErrnoException).code ?? error.constructor.name);
}
