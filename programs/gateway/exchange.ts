import type { IncomingMessage, ServerResponse } from 'node:http';
import { type OwnAnswer, send } from '../own-answer.js';
import { isUnread, waitsForClient } from '../request-body.js';
import type { AccessEntry } from './access-log.js';
import type { IncomingBody } from './body/incoming-body.js';
import { plainAddress } from './sources.js';

/** A request and its answer, from the first byte to the last. */
export class Exchange {
  /** How long the request waited in its queue. */
  throttledMs = 0;
  /** Kind of the route, for the metrics. */
  kind = 'unknown';
  /** Address of the client, from trusted proxies only. */
  client: string;
  /** The body, when it is read for the server. */
  body: IncomingBody | undefined;
  #whenGone: (() => void) | undefined;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly startedMs: number,
  ) {
    this.client = plainAddress(request.socket.remoteAddress);
  }

  /** Aborts when the client leaves before its answer. */
  get signal(): AbortSignal {
    const controller = new AbortController();
    if (this.response.destroyed) controller.abort();
    this.response.once('close', () => controller.abort());
    return controller.signal;
  }

  /** Whether the whole answer of the server, or of the gateway, has been handed on. */
  get isAnswered(): boolean {
    return this.response.writableEnded;
  }

  /**
   * Sets the function to call when the client has left, or has its answer; replaces an earlier one.
   */
  onGone(run: () => void): void {
    this.#whenGone = run;
  }

  /** Call when the connection has ended, or the answer is complete. */
  end(): void {
    this.body?.release();
    this.#whenGone?.();
  }

  /** The access log's entry, when the request has ended. */
  entry(nowMs: number): AccessEntry {
    const { request, response, client, throttledMs } = this;
    // Called for every request: object spreads would cost as much as all the rest of it.
    return {
      method: request.method ?? '',
      client,
      target: request.url ?? '',
      status: response.headersSent ? response.statusCode : 0,
      durationMs: nowMs - this.startedMs,
      throttledMs,
    };
  }

  /** Unread bytes of the request would be taken for the next one if the connection stayed open. */
  get isLast(): boolean {
    return isUnread(this.request);
  }

  get waitsForClient(): boolean {
    return waitsForClient(this.request, this.response);
  }

  /** Sends the gateway's own answer, unless an answer has begun or the client has left. */
  answer(answer: OwnAnswer): void {
    const { request, response, isLast, throttledMs } = this;
    if (response.headersSent || response.destroyed) return;
    send(request, response, { ...answer, isLast: answer.isLast || isLast }, throttledMs);
  }
}
