import type { WakerContainer } from '../../cluster/functions/waker-protocol.js';
import type { Clock } from '../clock.js';
import { type Log, reasonOf } from '../log.js';
import type { Waker } from './waker-client.js';

/** Between two lists that nobody asked for: others stop and start containers, too. */
const EVERY_MS = 5_000;
/** Between any two. */
const GAP_MS = 200;
const AFTER_FAILURE_MS = 1_000;

/** Keeps asking the waker how the containers are. */
export class Watch {
  /** Why the last answer is missing. */
  problem: string | undefined = 'the waker was not asked yet';
  #cancel: (() => void) | undefined;
  #isAsking = false;
  #isWanted = false;
  #lastMs = Number.NEGATIVE_INFINITY;
  #isStopped = false;

  constructor(
    private readonly waker: Waker,
    private readonly clock: Clock,
    private readonly log: Log,
    /** @param askedMs when the list was asked for: what was done later is not in it */
    private readonly onList: (list: readonly WakerContainer[], askedMs: number) => void,
  ) {}

  /** Asks soon: something has changed. */
  look(): void {
    if (this.#isAsking) this.#isWanted = true;
    else this.#plan(Math.max(0, this.#lastMs + GAP_MS - this.clock.now()));
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  #plan(ms: number): void {
    this.#cancel?.();
    if (!this.#isStopped) this.#cancel = this.clock.after(ms, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    this.#isWanted = false;
    this.#lastMs = this.clock.now();
    const hadProblem = this.problem !== undefined;
    let list: readonly WakerContainer[] | undefined;
    try {
      list = await this.waker.list();
      if (hadProblem) this.log('containers can be woken');
      this.problem = undefined;
    } catch (error) {
      this.problem = reasonOf(error);
      this.log(`containers cannot be woken: ${this.problem}`);
    }
    this.#isAsking = false;
    if (list === undefined) this.#plan(AFTER_FAILURE_MS);
    else this.#plan(this.#isWanted ? GAP_MS : EVERY_MS);
    if (list !== undefined) this.onList(list, this.#lastMs);
  }
}
