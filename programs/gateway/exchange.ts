import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessEntry } from './access-log.js';
import { type OwnAnswer, send } from './own-answer.js';
import { bodyBytes } from './read-body.js';
import { plainAddress } from './sources.js';

/** A request and its answer, from the first byte to the last. */
export class Exchange {
  /** How long the request waited for its turn. */
  throttledMs = 0;
  /** For the metrics. */
  kind = 'unknown';
  /** Address of the client, as far as it can be believed. */
  client: string;
  #whenGone: (() => void) | undefined;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly startedMs: number,
  ) {
    this.client = plainAddress(request.socket.remoteAddress);
  }

  /** Aborts when the client goes away before its answer. */
  get signal(): AbortSignal {
    const controller = new AbortController();
    if (this.response.destroyed) controller.abort();
    this.response.once('close', () => controller.abort());
    return controller.signal;
  }

  /** Takes what is to happen when the client is gone, or has its answer; the last one counts. */
  onGone(run: () => void): void {
    this.#whenGone = run;
  }

  /** The connection has ended, or the answer has been taken. */
  end(): void {
    this.#whenGone?.();
  }

  /** For the access log, when the answer has been taken or nobody waits for it any more. */
  entry(nowMs: number): AccessEntry {
    const { request, response, client, throttledMs } = this;
    // Every request makes one: object spreads would cost as much as all the rest of it.
    return {
      method: request.method ?? '',
      client,
      target: request.url ?? '',
      status: response.headersSent ? response.statusCode : 0,
      durationMs: nowMs - this.startedMs,
      throttledMs,
    };
  }

  get hasBody(): boolean {
    return bodyBytes(this.request) !== 0;
  }

  /** What is left of the request would be taken for the next one if the connection went on. */
  get isLast(): boolean {
    return this.hasBody && !this.request.complete;
  }

  /**
   * Whether it is the client that everybody waits for: it does not take its answer, or does not send
   * what it has begun.
   */
  get waitsForClient(): boolean {
    const { request, response } = this;
    if (response.writableLength > 0) return true;
    return this.hasBody && !request.complete && request.readableLength === 0;
  }

  /** Answers for the server, unless something has been sent or nobody listens any more. */
  answer(answer: OwnAnswer): void {
    const { response, isLast, throttledMs } = this;
    if (response.headersSent || response.destroyed) return;
    send(response, { ...answer, isLast: answer.isLast || isLast }, throttledMs);
  }
}
