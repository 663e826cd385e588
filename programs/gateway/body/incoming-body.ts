import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Clock } from '../../clock.js';
import { bodyBytes } from '../../request-body.js';
import type { BodyRoom, Holder } from './body-room.js';
import { Compact } from './compact.js';

/**
 * Why a body is not there: larger than its limit; no room for it beside others; not there in time;
 * or its client has left.
 */
export type BodyProblem = 'too-large' | 'no-room' | 'too-slow' | 'gone';

/** Limits of one body. */
export interface BodyLimits {
  /** Larger bodies are a problem; `undefined`: they are streamed. */
  readonly limitBytes: number | undefined;
  /** Time for a body that must be there as a whole. */
  readonly ms: number;
}

/** Bodies without a limit are streamed from this size on. */
const STREAM_FROM = 1 << 20;

/** Pieces of a body that may be as small as they like; all others have this size on average. */
const MOST_CRUMBS = 4_000;
const CRUMB_BYTES = 256;

/**
 * The body of a request, read from the moment that the request arrives: a body that waits unread
 * would stay in Node's memory, piece by piece, where nobody counts it.
 */
export class IncomingBody implements Holder {
  held = 0;
  evict: (() => void) | undefined = () => this.#fail('no-room');
  readonly #compact = new Compact();
  #limit: number;
  #problem: BodyProblem | undefined;
  #pieces = 0;
  #bytes = 0;
  #isComplete = false;
  #wantsStream = false;
  #stream: Readable | undefined;
  #whenSettled: (() => void) | undefined;
  #endStream: (() => void) | undefined;

  constructor(
    private readonly request: IncomingMessage,
    private readonly room: BodyRoom,
    private readonly limits: BodyLimits,
  ) {
    const announced = bodyBytes(request);
    this.#limit = limits.limitBytes ?? STREAM_FROM;
    if (announced === 0) {
      this.#isComplete = true;
      return;
    }
    if ((announced ?? 0) > this.#limit) this.#exceed();
    request.on('data', (piece: Buffer) => this.#add(piece));
    request.once('end', () => this.#end());
    request.once('close', () => {
      if (!this.#isComplete) this.#fail('gone');
    });
  }

  /** Lowers the limit, for a client that may send less. */
  limitTo(bytes: number): void {
    this.#limit = Math.min(this.#limit, bytes);
    if (this.#compact.bytes > bytes || (bodyBytes(this.request) ?? 0) > bytes) this.#exceed();
  }

  /** The whole body, or a stream when it has no limit and is large. */
  async read(clock: Clock): Promise<Buffer | Readable | BodyProblem> {
    if (!this.#isSettled) {
      const cancel = clock.after(this.limits.ms, () => this.#fail('too-slow'));
      await new Promise<void>((resolve) => {
        this.#whenSettled = resolve;
      });
      cancel();
    }
    if (this.#problem !== undefined) return this.#problem;
    if (!this.#wantsStream) return this.#compact.take();
    this.#endStream = this.room.openStream();
    if (this.#endStream === undefined) this.#fail('no-room');
    return this.#problem ?? this.#openStream();
  }

  /** Call when the request has ended: frees its memory. */
  release(): void {
    this.#endStream?.();
    this.#compact.take();
    this.room.give(this);
    this.held = 0;
  }

  /** The body is on its way to the server, and keeps its room until then. */
  pin(): void {
    this.evict = undefined;
  }

  get #isSettled(): boolean {
    return this.#isComplete || this.#problem !== undefined || this.#wantsStream;
  }

  #add(piece: Buffer): void {
    this.#pieces += 1;
    this.#bytes += piece.length;
    // Each piece costs as much as some hundred bytes: crumbs would keep the gateway busy for minutes.
    if (this.#pieces > MOST_CRUMBS + this.#bytes / CRUMB_BYTES) this.request.destroy();
    if (this.#problem !== undefined) return;
    if (this.#stream !== undefined) {
      this.#feed(piece);
      return;
    }
    const cost = this.#compact.costOf(piece);
    if (cost > 0) {
      if (!this.room.take(this, cost)) {
        this.#fail('no-room');
        return;
      }
      this.held += cost;
    }
    this.#compact.add(piece);
    if (this.#compact.bytes > this.#limit) this.#exceed();
  }

  #end(): void {
    this.#isComplete = true;
    if (this.#stream !== undefined) this.#stream.push(this.#compact.take());
    this.#stream?.push(null);
    this.#settle();
  }

  #exceed(): void {
    if (this.limits.limitBytes !== undefined) {
      this.#fail('too-large');
      return;
    }
    this.#wantsStream = true;
    if (this.#stream === undefined) this.request.pause();
    this.#settle();
  }

  #fail(problem: BodyProblem): void {
    if (this.#problem !== undefined || (this.#isComplete && problem === 'gone')) return;
    this.#problem = problem;
    this.#stream?.destroy(new Error(`the request's body is ${problem}`));
    this.release();
    // What still comes is dropped: an answer in the middle of a body needs a reader.
    this.request.resume();
    this.#settle();
  }

  #settle(): void {
    this.#whenSettled?.();
    this.#whenSettled = undefined;
  }

  #openStream(): Readable {
    const { request } = this;
    const stream = new Readable({
      read: () => {
        request.resume();
      },
    });
    this.#stream = stream;
    stream.push(this.#compact.take());
    if (this.#isComplete) stream.push(null);
    return stream;
  }

  /** Small pieces go on together, when the connection has been read. */
  #feed(piece: Buffer): void {
    if (this.#compact.bytes === 0) {
      setImmediate(() => {
        if (this.#compact.bytes > 0 && this.#stream?.push(this.#compact.take()) === false) {
          this.request.pause();
        }
      });
    }
    this.#compact.add(piece);
  }
}
