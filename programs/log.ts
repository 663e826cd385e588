/** Writes one line; the server's only way to speak to the outside besides its answers. */
export type Log = (line: string) => void;

/** A {@link Log} that puts the time in front and keeps each entry on one line. */
export const stampedLog =
  (write: (text: string) => void, now: () => Date): Log =>
  (line) =>
    write(`${now().toISOString()} ${line.replace(/\s*\n\s*/g, ' ')}\n`);

/** What went wrong, without its stack. Failed connections may have a code and no message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || String((error as NodeJS.ErrnoException).code ?? error.constructor.name);
}
