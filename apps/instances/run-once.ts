import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Engine } from '../../clients/docker/connect.js';
import { demultiplex } from '../../clients/docker/container-log.js';
import { removeContainer } from '../../clients/docker/remove-container.js';
import type { EngineOptions } from '../../cluster/containers/engine-options.js';

/** Result of {@link runOnce}. */
export interface OnceResult {
  /** `undefined`: it has not ended in time. */
  readonly exitCode: number | undefined;
  readonly killedForMemory: boolean;
  /** The last lines of both output streams. */
  readonly output: string;
}

/** Bounds of {@link runOnce}. */
export interface OnceBounds {
  /** How many of the last lines of its log are returned. */
  readonly lines: number;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

const PAUSE_MS = 300;

/** Runs a container until it ends, and removes it, also when the command is interrupted. */
export async function runOnce(
  engine: Engine,
  options: EngineOptions,
  { lines, limitMs, signal }: OnceBounds,
): Promise<OnceResult> {
  // Of an interrupted run.
  await removeContainer(engine, options.name);
  const container = await engine.createContainer(options);
  try {
    await container.start();
    const { State } = await untilEnded(container, limitMs, signal);
    const output = demultiplex(await container.logs({ stdout: true, stderr: true, tail: lines }));
    const exitCode = State.Running ? undefined : State.ExitCode;
    return { exitCode, killedForMemory: State.OOMKilled, output: output.trimEnd() };
  } finally {
    await removeContainer(engine, options.name);
  }
}

/** A call that waits would end with the limit of all calls to an engine. */
async function untilEnded(container: Docker.Container, limitMs: number, signal: AbortSignal) {
  const end = performance.now() + limitMs;
  for (;;) {
    const found = await container.inspect();
    if (!found.State.Running || performance.now() > end) return found;
    await sleep(PAUSE_MS, undefined, { signal });
  }
}
