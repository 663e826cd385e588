import type { IncomingMessage, ServerResponse } from 'node:http';
import { forward, isBrokenRequest } from '../forward.js';
import { reasonOf } from '../log.js';
import { type OwnAnswer, refusal, send } from '../own-answer.js';
import { bodyBytes, isUnread, waitsForClient } from '../request-body.js';
import type { FunctionRunner } from './function-runner.js';
import { backHeaders, destinationOf, onwardHeaders, type Passage, UNANSWERED } from './passage.js';
import type { Turn } from './turn.js';

/** Instances that a request tries which accept no connection. */
const MOST_TRIES = 3;

/** Passes one request on to an instance of its function, or answers it. */
export async function answerRequest(
  passage: Passage,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const destination = destinationOf(passage, request);
  if ('status' in destination) {
    answer(request, response, destination);
    return;
  }
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort();
    destination.leave();
  });
  await attempt(passage, destination.runner, { request, response, signal: gone.signal }, 1);
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Aborts when the client has left, or has its answer. */
  readonly signal: AbortSignal;
}

async function attempt(passage: Passage, runner: FunctionRunner, call: Call, tries: number) {
  const turn = await runner.acquire(call.signal, tries > 1);
  if (turn.outcome === 'refused') answer(call.request, call.response, turn.answer);
  if (turn.outcome !== 'admitted') return;
  if (call.signal.aborted) turn.giveBack();
  else pass(passage, runner, call, turn, () => attempt(passage, runner, call, tries + 1), tries);
}

/** Sends the request, once: again only when nothing of it was sent. */
function pass(
  { connections, clock, isStopping }: Passage,
  runner: FunctionRunner,
  { request, response }: Call,
  { instance, giveBack }: Extract<Turn, { outcome: 'admitted' }>,
  again: () => Promise<void>,
  tries: number,
): void {
  let isOver = false;
  let abort: (() => void) | undefined;
  /** The place is free for the next one; what becomes of the request is decided. */
  const end = () => {
    isOver = true;
    cancelTimer();
    response.off('close', onClose);
    giveBack();
  };
  const onClose = () => {
    if (response.writableFinished) runner.served(instance);
    end();
    abort?.();
  };
  const cancelTimer = clock.after(runner.timeoutMs, () => {
    const isOfClient = waitsForClient(request, response);
    if (!isOfClient) runner.timedOut(instance);
    end();
    if (isOfClient || response.headersSent) response.destroy();
    else answer(request, response, TIMEOUT);
    // To abort an unread request cuts its connection, and the answer with it.
    if (isUnread(request) && !response.destroyed) response.once('close', () => abort?.());
    else abort?.();
  });
  response.once('close', onClose);
  const onward = {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: onwardHeaders(request.rawHeaders),
    body: bodyBytes(request) === 0 ? null : request,
  };
  forward(connections.to(instance.name, instance.spec.port), onward, {
    response,
    headersOf(raw) {
      const kept = backHeaders(raw);
      if (isUnread(request) || isStopping()) kept.push('connection', 'close');
      return kept;
    },
    onGone(run) {
      abort = run;
    },
    onProblem(error, isSent) {
      if (isOver) return;
      end();
      if (isBrokenRequest(error)) {
        answer(request, response, BROKEN);
        return;
      }
      runner.broken(instance, reasonOf(error), isSent);
      if (isSent || tries >= MOST_TRIES) answer(request, response, UNANSWERED);
      else void again();
    },
  });
}

const TIMEOUT = refusal(504, 'FUNCTION_TIMEOUT', 'The function did not answer in time.');
const BROKEN = refusal(400, 'BAD_REQUEST', 'The request cannot be passed on.');

/** Sends an own answer, unless an answer has begun or the client has left. */
function answer(request: IncomingMessage, response: ServerResponse, own: OwnAnswer): void {
  if (response.headersSent || response.destroyed) return;
  send(request, response, { ...own, isLast: own.isLast || isUnread(request) }, 0);
}
