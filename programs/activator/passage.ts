import type { IncomingMessage } from 'node:http';
import { FUNCTION_HEADER } from '../../cluster/functions/runtime-container.js';
import type { Clock } from '../clock.js';
import { endToEnd, HOP_HEADERS, type RawHeaders } from '../hop-headers.js';
import { type OwnAnswer, refusal } from '../own-answer.js';
import type { Connections } from './connections.js';
import type { FunctionRunner } from './function-runner.js';
import type { Places } from './places.js';

/** Everything that a request passes on its way to an instance. */
export interface Passage {
  readonly runnerOf: (name: string) => FunctionRunner | undefined;
  readonly places: Places;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly isStopping: () => boolean;
}

/** Where a request goes, once it has a place. */
export interface Destination {
  readonly runner: FunctionRunner;
  readonly leave: () => void;
}

/** The function that a request is for, and a place for it; or why there is none. */
export function destinationOf(
  { runnerOf, places }: Passage,
  { headers }: IncomingMessage,
): Destination | OwnAnswer {
  const { [FUNCTION_HEADER]: name } = headers;
  const runner = typeof name === 'string' ? runnerOf(name) : undefined;
  if (runner === undefined) return NO_FUNCTION;
  const leave = places.take(runner.name);
  return leave === undefined ? FULL : { runner, leave };
}

const NO_FUNCTION = refusal(404, 'NO_FUNCTION', 'There is no such function.');
const FULL: OwnAnswer = {
  ...refusal(503, 'TOO_MANY_REQUESTS', 'Too many requests to functions are open.'),
  retryAfterMs: 1_000,
};

/** The answer when an instance did not answer. */
export const UNANSWERED = refusal(502, 'FUNCTION_FAILED', 'The function did not answer.');

const NOT_BACK = new Set(HOP_HEADERS);
const NOT_ONWARD = new Set([...HOP_HEADERS, 'expect', FUNCTION_HEADER]);

/** The headers for an instance; the edge has set what tells of the client. */
export const onwardHeaders = (raw: RawHeaders) => endToEnd(raw, NOT_ONWARD);

/** The headers of an instance's answer for the client. */
export const backHeaders = (raw: RawHeaders) => endToEnd(raw, NOT_BACK);
