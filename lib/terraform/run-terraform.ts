import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { EXIT, environmentError } from '../errors.js';
import { parseEvent, type TerraformEvent } from './events.js';

/** Where and with what Terraform runs. */
export interface TerraformRun {
  /** Path of `terraform` or `tofu`. */
  readonly binary: string;
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  /** Asks Terraform to stop in order. */
  readonly signal?: AbortSignal;
  /** An open, locked file that Terraform is to hold too, as long as it lives. */
  readonly lock?: number;
  readonly onEvent?: (event: TerraformEvent) => void;
}

/** What a run gave. */
export interface TerraformResult {
  readonly exitCode: number;
  readonly events: readonly TerraformEvent[];
  /** Lines that were no events: what Terraform says when it cannot even start. */
  readonly text: string;
}

/** Nothing of Terraform's asks, colours or phones home; all else is the user's environment. */
const SETTINGS = { TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' };

/**
 * Runs `terraform <argv>` and collects its `-json` events.
 *
 * It gets a process group of its own: a Ctrl-C on the terminal reaches only the kit, which passes on
 * exactly one, since a second one makes Terraform drop what it is doing.
 */
export async function runTerraform(
  argv: readonly string[],
  { binary, directory, env, signal, lock, onEvent }: TerraformRun,
): Promise<TerraformResult> {
  signal?.throwIfAborted();
  const child = spawn(binary, argv, {
    cwd: directory,
    env: { ...env, ...SETTINGS },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', ...(lock === undefined ? [] : [lock])],
  });
  const stop = () => child.kill('SIGINT');
  signal?.addEventListener('abort', stop, { once: true });
  const events: TerraformEvent[] = [];
  const text: string[] = [];
  const onLine = (line: string) => {
    const event = parseEvent(line);
    if (event === undefined) return void text.push(line);
    events.push(event);
    onEvent?.(event);
  };
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface(stream).on('line', onLine);
  }
  try {
    const [exitCode] = await once(child, 'close');
    signal?.throwIfAborted();
    return { exitCode: exitCode ?? EXIT.internal, events, text: text.join('\n') };
  } catch (error) {
    signal?.throwIfAborted();
    throw cannotRun(binary, error);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function cannotRun(binary: string, cause: unknown) {
  return environmentError(
    'terraform-unusable',
    {
      path: binary,
      message: `cannot be run: ${cause instanceof Error ? cause.message : cause}`,
      hint: 'Run scripts/setup.',
    },
    cause,
  );
}
