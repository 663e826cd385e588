import { setMaxListeners } from 'node:events';

/**
 * A signal that aborts after `ms`, or earlier with `signal`. The timer holds it: on Node 20 a signal of
 * `AbortSignal.any` can be collected before its time limit, and what waits for it then waits for ever.
 */
export function timeLimit(ms: number, signal?: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new DOMException(`no answer within ${durationText(ms)}`, 'TimeoutError'));
  }, ms);
  timer.unref();
  const follow = () => {
    clearTimeout(timer);
    controller.abort(signal?.reason);
  };
  if (signal?.aborted) follow();
  else if (signal !== undefined) {
    listenByMany(signal);
    signal.addEventListener('abort', follow, { once: true, signal: controller.signal });
  }
  return controller.signal;
}

/** The result of `work`, or the reason of `signal` where that aborts first. */
export async function beforeAbort<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  // A failure that comes after the abort has nobody to handle it.
  work.catch(() => undefined);
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    listenByMany(signal);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** One signal ends all requests of a command. Node.js warns of more than ten listeners, as of a leak. */
const listenByMany = (signal: AbortSignal) => setMaxListeners(0, signal);

const durationText = (ms: number): string => (ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`);
