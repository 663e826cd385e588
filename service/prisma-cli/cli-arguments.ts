import { relative } from 'node:path';
import { usageError } from '../../lib/errors.js';
import { FIRST_WITH_PROJECT_FLAG } from './cli-version.js';

const DRY = /^(-d|--dry-run|-h|--help|-v|--version)$/;
/** Options that the kit sets itself, and what to write instead. */
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

/** Reads the arguments behind `--`. @throws KitError `cli-arguments` (exit 2) */
export function readCliWords(words: readonly string[]) {
  const problems = words.flatMap((word) => {
    const name = word.replace(/=.*$/, '');
    const hint = OURS[SHORT[name] ?? name];
    return hint === undefined ? [] : [{ path: name, message: 'is not allowed here', hint }];
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

/** The arguments of the CLI, without secrets. */
export function cliArguments({
  minor,
  cwd,
  project,
  envFile,
  flags,
  words,
}: {
  readonly minor: number;
  /** Where the CLI runs. */
  readonly cwd: string;
  /** prisma.yml, when the CLI does not find it from there. */
  readonly project: string | undefined;
  /** Absolute path. */
  readonly envFile: string | undefined;
  /** Flags that prisma.yml uses, beyond those in `words`. */
  readonly flags: Readonly<Record<string, string>>;
  readonly words: readonly string[];
}): string[] {
  return [
    'deploy',
    ...(project !== undefined && minor >= FIRST_WITH_PROJECT_FLAG ? ['--project', project] : []),
    // All CLIs resolve it from their working directory.
    ...(envFile === undefined ? [] : ['--env-file', relative(cwd, envFile)]),
    ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
    ...words,
  ];
}
