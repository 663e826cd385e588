import { printable } from './printable.js';
import { withoutSecrets } from './secret-shapes.js';

/** Process exit codes. Part of the public interface: stable once shipped. */
export const EXIT = { done: 0, internal: 1, usage: 2, environment: 3, finding: 4 } as const;

/** One problem: where it is, what was found, what is allowed, what to do next. */
export interface Problem {
  /** Location, such as `clusters.local.port`, a file, or an endpoint. */
  readonly path?: string;
  readonly message: string;
  /** The next step for the reader, a full sentence or a command. */
  readonly hint?: string;
}

/**
 * An error with a message for the user.
 *
 * `code` is a stable kebab-case identifier for `--json`; `exitCode` follows {@link EXIT}.
 */
export class KitError extends Error {
  readonly problems: readonly Problem[];
  /** Results of the parts of a command that succeeded. */
  readonly done: readonly unknown[];

  constructor(
    readonly code: string,
    readonly exitCode: 2 | 3,
    problems: Problem | readonly Problem[],
    options?: { cause?: unknown; done?: readonly unknown[] },
  ) {
    const list = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    const clean = list.map(withoutItsSecrets);
    super(clean.map(formatProblem).join('\n'), options);
    this.name = 'KitError';
    this.problems = clean;
    this.done = options?.done ?? [];
  }
}

/** A problem, and the error behind it. */
type Failure = Problem & { readonly cause?: unknown };

const errorWith = (exitCode: 2 | 3) => (code: string, found: Failure | readonly Problem[]) => {
  if (Array.isArray(found)) return new KitError(code, exitCode, found as readonly Problem[]);
  const { cause, ...problem } = found as Failure;
  return new KitError(code, exitCode, problem, { cause });
};

/** The user's input is invalid: arguments, `clusters.yml`, the registry file. Exit code 2. */
export const usageError = errorWith(EXIT.usage);

/** The environment prevents it: engine, network, server, disk. Exit code 3. */
export const environmentError = errorWith(EXIT.environment);

/** Messages of servers and programs can have any length. */
const LONGEST_PART = 4000;

/**
 * One problem as text: `path: message` and the hint on a line of its own. Further lines are indented, so that
 * no text from outside can look like a message of ours.
 */
export function formatProblem({ path, message, hint }: Problem): string {
  const head = part(path === undefined ? message : `${path}: ${message}`);
  return hint === undefined ? head : `${head}\n  ${part(hint)}`;
}

function part(text: string): string {
  const more = text.length - LONGEST_PART;
  const shown = more > 0 ? `${text.slice(0, LONGEST_PART)} … (${more} more characters)` : text;
  return printable(shown).replaceAll('\n', '\n  ');
}

const withoutItsSecrets = ({ path, message, hint }: Problem): Problem => ({
  ...(path !== undefined && { path: withoutSecrets(path) }),
  message: withoutSecrets(message),
  ...(hint !== undefined && { hint: withoutSecrets(hint) }),
});

/** Is `error` a system error with one of `codes`, such as `ENOENT`? */
export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? '');
