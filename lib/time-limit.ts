/**
 * A signal that aborts after `ms`, or earlier with `signal`. The timer holds it: on Node 20 a signal of
 * `AbortSignal.any` can be collected before its time limit, and what waits for it then waits for ever.
 */
export function timeLimit(ms: number, signal?: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  }, ms);
  timer.unref();
  const follow = () => {
    clearTimeout(timer);
    controller.abort(signal?.reason);
  };
  if (signal?.aborted) follow();
  else signal?.addEventListener('abort', follow, { once: true, signal: controller.signal });
  return controller.signal;
}
