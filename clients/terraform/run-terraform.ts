import { spawn } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, environmentError } from '../../lib/errors.js';
import { isTrace } from './diagnostics.js';
import { terraformEnvironment } from './environment.js';
import { parseEvent, type TerraformEvent } from './events.js';
import { followLines } from './follow-file.js';

/** How to run Terraform. */
export interface TerraformRun {
  /** Path of `terraform` or `tofu`. */
  readonly binary: string;
  readonly directory: string;
  /** Terraform's own data: outside of `directory`, which others may have filled. */
  readonly dataDir: string;
  /** The user's environment; see {@link terraformEnvironment} for what Terraform gets of it. */
  readonly env: NodeJS.ProcessEnv;
  /** Reads the user's configuration of Terraform. @default false */
  readonly asUser?: boolean;
  /** Asks Terraform to stop in an orderly way. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TerraformEvent) => void;
}

/** Output of one run. */
export interface TerraformResult {
  readonly exitCode: number;
  readonly events: readonly TerraformEvent[];
  /** Lines that are no events, without a trace (`TF_LOG`). */
  readonly text: string;
}

/**
 * Runs `terraform <argv>` and collects its `-json` events.
 *
 * Terraform gets its own process group: a Ctrl-C on the terminal reaches only the kit, which
 * forwards exactly one, since a second one makes Terraform drop what it is doing. It writes to a
 * file, not a pipe: if the kit is killed, it still ends in order
 * (docs/decisions/terraform-outlives-the-kit.md). The file is removed at the end: a trace (`TF_LOG`) has all that
 * providers send, such as the first host key of a droplet. With `TF_LOG_PATH` the trace goes there instead.
 */
export async function runTerraform(
  argv: readonly string[],
  { binary, directory, dataDir, env, asUser, signal, onEvent }: TerraformRun,
): Promise<TerraformResult> {
  signal?.throwIfAborted();
  const path = join(directory, 'terraform.log');
  // A new file, not an emptied one: the Terraform of a killed kit may still write to the old one.
  await rm(path, { force: true });
  const log = await open(path, 'wx+', 0o600);
  try {
    // No await from here to the listener, so that no interrupt is missed.
    signal?.throwIfAborted();
    const child = spawn(binary, argv, {
      cwd: directory,
      env: terraformEnvironment(env, {
        dataDir,
        cwd: process.cwd(),
        ...(asUser !== undefined && { asUser }),
      }),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    let ended = false;
    const exit = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    }).finally(() => {
      ended = true;
    });
    exit.catch(() => undefined);
    const stop = () => child.kill('SIGINT');
    signal?.addEventListener('abort', stop, { once: true });
    const events: TerraformEvent[] = [];
    const text: string[] = [];
    for await (const line of followLines(log, () => ended)) {
      const event = parseEvent(line);
      if (event === undefined) {
        if (!isTrace(line)) text.push(line);
      } else {
        events.push(event);
        onEvent?.(event);
      }
    }
    signal?.removeEventListener('abort', stop);
    const exitCode = await exit.catch((error: unknown) => {
      throw cannotRun(binary, error);
    });
    signal?.throwIfAborted();
    return { exitCode: exitCode ?? EXIT.internal, events, text: text.join('\n') };
  } finally {
    await log.close();
    await rm(path, { force: true });
  }
}

function cannotRun(binary: string, cause: unknown) {
  return environmentError('terraform-unusable', {
    path: binary,
    message: `cannot be run: ${cause instanceof Error ? cause.message : cause}`,
    hint: 'Run scripts/setup.',
    cause,
  });
}
