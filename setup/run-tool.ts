import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { environmentError } from '../lib/errors.js';
import type { Progress } from './part.js';

const TAIL_LINES = 15;

/**
 * Runs a tool without shell and input; returns its standard output.
 * @throws KitError `tool-failed` (exit 3) with the last lines of its output
 */
export async function runTool(run: {
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Receives its output, line by line. */
  readonly progress: Progress;
  /**
   * Passed to the tool, which then holds setup's lock as long as it runs, also when setup itself is
   * killed.
   */
  readonly lockFd?: number | undefined;
  /** What to do when it fails, as a sentence. */
  readonly hint: string;
}): Promise<string> {
  const [file, ...args] = run.argv;
  const child = spawn(file, args, {
    cwd: run.cwd,
    env: run.env,
    stdio: ['ignore', 'pipe', 'pipe', run.lockFd ?? 'ignore'],
  });
  const stdout: string[] = [];
  const tail: string[] = [];
  const keep = (line: string) => {
    run.progress.output(line);
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
  };
  onLines(child.stdout, (line) => {
    stdout.push(line);
    keep(line);
  });
  onLines(child.stderr, keep);
  const how = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`cannot be started: ${error.message}`));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? '' : `failed (${signal ?? `exit code ${code}`})`),
    );
  });
  if (how === '') return stdout.join('\n');
  throw environmentError('tool-failed', {
    message: [`\`${run.argv.join(' ')}\` ${how}`, ...tail.map((line) => `  | ${line}`)].join('\n'),
    hint: run.hint,
  });
}

function onLines(stream: Readable | null, take: (line: string) => void) {
  if (stream !== null) createInterface(stream).on('line', take);
}
