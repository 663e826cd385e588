import { relative } from 'node:path';
import { usageError } from '../../lib/errors.js';
import { FIRST_WITH_PROJECT_FLAG } from './cli-version.js';

/** What was written behind `--`, looked at. */
export interface CliWords {
  readonly words: readonly string[];
  /** Flags with a value, for `${opt:…}`. */
  readonly flags: Readonly<Record<string, string>>;
  /** The CLI is not asked to deploy: a dry run, its help, its version. */
  readonly isDry: boolean;
}

const DRY = /^(-d|--dry-run|-h|--help|-v|--version)$/;
/** What the kit itself decides, and what to write instead. */
const OURS: Readonly<Record<string, string>> = {
  '-p': 'Write it before the --: clusterkit deploy --project FILE.',
  '-e': 'Write it before the --: clusterkit deploy --env-file FILE.',
  '-n': 'The kit chooses the cluster: clusterkit deploy --cluster NAME.',
  '-i': 'The kit chooses the cluster: clusterkit deploy --cluster NAME.',
};
const SHORT: Readonly<Record<string, string>> = {
  '--project': '-p',
  '--env-file': '-e',
  '--new': '-n',
  '--interactive': '-i',
};

/** Reads the words behind `--`. @throws KitError `cli-arguments` (exit 2) */
export function readCliWords(words: readonly string[]): CliWords {
  const problems = words.flatMap((word) => {
    const name = word.replace(/=.*$/, '');
    const hint = OURS[SHORT[name] ?? name];
    return hint === undefined
      ? []
      : [{ path: name, message: 'is not for the CLI to be told', hint }];
  });
  if (problems.length > 0) throw usageError('cli-arguments', problems);
  const flags: Record<string, string> = {};
  for (const [at, word] of words.entries()) {
    const [, name, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    const next = words[at + 1];
    if (name === undefined) continue;
    if (value !== undefined) flags[name] = value;
    else if (next !== undefined && !next.startsWith('-')) flags[name] = next;
  }
  return { words, flags, isDry: words.some((word) => DRY.test(word)) };
}

/** What decides how a CLI is called. */
export interface CliCommand {
  readonly minor: number;
  /** Where the CLI runs. */
  readonly cwd: string;
  /** prisma.yml, when the CLI would not find it from there. */
  readonly project: string | undefined;
  /** Absolute path. */
  readonly envFile: string | undefined;
  /** Flags that prisma.yml wants, beyond those in `words`. */
  readonly flags: Readonly<Record<string, string>>;
  readonly words: readonly string[];
}

/** The arguments of the CLI. Nothing secret is among them. */
export function cliArguments({ minor, cwd, project, envFile, flags, words }: CliCommand): string[] {
  return [
    'deploy',
    ...(project !== undefined && minor >= FIRST_WITH_PROJECT_FLAG ? ['--project', project] : []),
    // All of them take it from where they run, and from nowhere else.
    ...(envFile === undefined ? [] : ['--env-file', relative(cwd, envFile)]),
    ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
    ...words,
  ];
}
