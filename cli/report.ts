import pc from 'picocolors';
import { printable, printableJson } from '../lib/printable.js';
import { withoutSecrets } from '../lib/secret-shapes.js';

/**
 * Where the messages of a command go. Nothing else in the kit writes to the console. Their text may come from
 * outside, so only what is printable reaches the terminal.
 */
export interface Report {
  /** A result for people, on stdout; silent with `--json`. */
  say(text: string): void;
  /** The result for programs, on stdout, once; silent without `--json`. */
  json(value: unknown): void;
  /** A finished step, on stderr, with its duration when that is notable. */
  step(text: string, ms?: number): void;
  /** A warning, on stderr. */
  warn(text: string): void;
  /** A plain line on stderr, without sign or colour. */
  note(text: string): void;
  /** Detail for `--verbose`, on stderr. */
  detail(text: string): void;
  readonly asJson: boolean;
  readonly isTerminal: boolean;
}

/** Results on stdout, progress and diagnostics on stderr; colour only on a terminal without NO_COLOR. */
export function createReport({
  json,
  verbose,
  stdout,
  stderr,
  env,
}: {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly stdout: NodeJS.WritableStream & { isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean };
  readonly env: NodeJS.ProcessEnv;
}): Report {
  const colour = pc.createColors(stderr.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb');
  const tell = (text: string) => void stderr.write(`${text}\n`);
  /** Further lines are indented: none of them can look like a message of its own. */
  const one = (text: string) => diagnostic(text).replaceAll('\n', '\n  ');
  return {
    asJson: json,
    isTerminal: stderr.isTTY === true,
    say: (text) => {
      if (!json) stdout.write(`${printable(text)}\n`);
    },
    json: (value) => {
      if (json) stdout.write(`${printableJson(value, 2)}\n`);
    },
    step: (text, ms) =>
      tell(`${colour.green('✓')} ${one(text)}${ms === undefined ? '' : colour.dim(took(ms))}`),
    warn: (text) => tell(`${colour.yellow('!')} ${one(text)}`),
    note: (text) => tell(printable(text)),
    detail: (text) => {
      if (verbose) tell(colour.dim(diagnostic(text)));
    },
  };
}

/** Results may be secrets that the user asks for; what else is said never shows one. */
const diagnostic = (text: string) => printable(withoutSecrets(text));

const took = (ms: number) => (ms < 100 ? '' : ` ${(ms / 1000).toFixed(1)} s`);
