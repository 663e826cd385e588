import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { environmentError, KitError } from '../../lib/errors.js';
import { type Engine, statusOf } from './connect.js';
import { type LogFrame, logFrames } from './log-frames.js';
import { momentAfter } from './log-window.js';

/** The wanted part of a log. */
export interface LogWindow {
  /** In the engine's form; see `log-window.ts`. @default - from its beginning */
  readonly since?: string | undefined;
  /** How many of the last lines. @default 'all' */
  readonly tail?: number | 'all' | undefined;
  /** Waits for new lines, also across restarts of the container. */
  readonly follow: boolean;
}

/** Why the log ended. */
export type LogEnd = 'complete' | 'stopped' | 'gone';

/** Pause before reading on: a container restarts quickly. */
const PAUSE_MS = 300;

/**
 * Passes a container's log to `write`, frame by frame, and waits for each. With `follow`, until the
 * container has stopped for good.
 *
 * @throws KitError (exit 3) `container-absent`; `log-cut` when the engine closes the stream too
 * early
 */
export async function readLog(
  engine: Engine,
  container: string,
  window: LogWindow,
  write: (frame: LogFrame) => Promise<void>,
  signal: AbortSignal,
): Promise<LogEnd> {
  let { since, tail } = window;
  for (let isFirst = true; ; isFirst = false) {
    const stream = await open(engine, container, { ...window, since, tail }, signal);
    if (stream === undefined && isFirst) throw absent(container);
    if (stream === undefined) return 'gone';
    let last: string | null = null;
    let failure: unknown;
    try {
      for await (const frame of logFrames(stream)) {
        last = frame.time ?? last;
        await write(frame).catch((error) => {
          throw new NotWritten(error);
        });
      }
    } catch (error) {
      if (error instanceof NotWritten) throw error.reason;
      failure = error;
    } finally {
      stream.destroy();
    }
    signal.throwIfAborted();
    if (!window.follow && failure !== undefined) throw cut(failure);
    if (!window.follow) return 'complete';

    const state = await stateOf(engine, container);
    if (state === undefined) return 'gone';
    if (!state.Running && !state.Restarting) return 'stopped';
    // Times of the engine's own clock: no line is missed or repeated.
    since = last === null ? (since ?? timeOf(state.FinishedAt)) : momentAfter(last);
    if (last !== null || since !== undefined) tail = 'all';
    await sleep(PAUSE_MS, undefined, { signal });
  }
}

/** The consumer of the log failed, not the log. */
class NotWritten extends Error {
  constructor(readonly reason: unknown) {
    super();
  }
}

interface Modem {
  dial(call: object, done: (error: Error | null, stream: Readable) => void): void;
}

/** dockerode itself would collect a log without `follow` in memory. */
function open(
  engine: Engine,
  container: string,
  { follow, since, tail = 'all' }: LogWindow,
  signal: AbortSignal,
): Promise<Readable | undefined> {
  const query = { stdout: true, stderr: true, timestamps: true, follow, tail: String(tail) };
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    (engine.modem as Modem).dial(
      {
        path: `/containers/${encodeURIComponent(container)}/logs?`,
        method: 'GET',
        isStream: true,
        statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
        options: { ...query, ...(since !== undefined && { since }) },
      },
      (error, stream) => {
        if (error) return statusOf(error) === 404 ? resolve(undefined) : reject(cut(error));
        signal.addEventListener('abort', () => stream.destroy(), { once: true });
        resolve(stream);
      },
    );
  });
}

async function stateOf(engine: Engine, container: string) {
  try {
    return (await engine.getContainer(container).inspect()).State;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw cut(error);
  }
}

const timeOf = (text: string) => {
  const ms = Date.parse(text);
  return ms > 0 ? String(Math.floor(ms / 1000)) : undefined;
};

const absent = (container: string) =>
  environmentError('container-absent', {
    path: container,
    message: 'the engine has no such container: the cluster is not running',
    hint: 'Start it with `clusterkit up`.',
  });

const cut = (error: unknown) =>
  error instanceof KitError
    ? error
    : environmentError('log-cut', {
        message: `the engine closed the log before its end: ${error instanceof Error ? error.message : error}`,
        hint: 'Is it still running? Run the command again; --since skips what you have seen.',
        cause: error,
      });
