import { Readable } from 'node:stream';
import type Docker from 'dockerode';

/** The longest that an engine needs for one call: under load, to remove a container together with its disk. */
const CALL_MS = 120_000;

/** Answers that last as long as what they follow or transfer: only their beginning has a limit. */
const LASTS =
  /^\/(events|images\/(create|get)|containers\/[^/]+\/(logs|attach)|exec\/[^/]+\/start)(\?|$)/;

/** An engine answers these only once it has received the whole archive. */
const RECEIVES = /^\/(build|images\/load)\?/;

/** An engine that accepted a call, and did not answer it in time. */
export class NotInTime extends Error {}

interface Call {
  readonly path: string;
  readonly method: string;
  readonly isStream?: boolean;
  readonly abortSignal?: AbortSignal;
}

type Done = (error: Error | null, answer: unknown) => void;

interface Modem {
  dial(call: Call, done: Done): void;
}

/**
 * Ends each call of a client after `limitMs`: an engine that answers at first may stop later. Every failure
 * goes through `explain`; callers see its error.
 */
export function limitCalls(
  client: Docker,
  explain: (error: Error) => Error | Promise<Error>,
  limitMs = CALL_MS,
): void {
  const modem = client.modem as Modem;
  const dial = modem.dial.bind(modem);
  modem.dial = (call, done) => {
    const cut = new AbortController();
    let answer: unknown;
    let isOver = false;
    const end: Done = (error, given) => {
      if (isOver) return;
      isOver = true;
      answer = given;
      if (error) void Promise.resolve(explain(error)).then((shown) => done(shown, given));
      else done(null, given);
    };
    const tooLate = async () => {
      const late = new NotInTime(`no answer to ${nameOf(call)} within ${limitMs / 1000} s`);
      if (answer instanceof Readable) answer.destroy(await explain(late));
      end(late, null);
      cut.abort();
    };
    const timer = RECEIVES.test(call.path) ? undefined : setTimeout(tooLate, limitMs).unref();
    const abort = () => cut.abort();
    if (call.abortSignal?.aborted) abort();
    call.abortSignal?.addEventListener('abort', abort, { once: true });
    const release = () => {
      clearTimeout(timer);
      call.abortSignal?.removeEventListener('abort', abort);
    };
    dial({ ...call, abortSignal: cut.signal }, (error, given) => {
      const goesOn = given instanceof Readable && !LASTS.test(call.path);
      if (given instanceof Readable && !given.closed) given.once('close', release);
      else release();
      if (!goesOn) clearTimeout(timer);
      end(error, given);
    });
  };
}

const nameOf = ({ method, path }: Call) => `${method} ${path.replace(/\?.*$/, '')}`;
