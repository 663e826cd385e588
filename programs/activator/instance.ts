import type { FunctionSpec } from '../../cluster/functions/functions-document.js';
import type { InstanceReport, InstanceState } from '../../cluster/functions/functions-report.js';
import type { WakerAction, WakerContainer } from '../../cluster/functions/waker-protocol.js';
import type { Clock } from '../clock.js';
import { reasonOf } from '../log.js';
import { backoffMs } from './backoff.js';
import { conditionOf, exitOf } from './container-condition.js';

/** What an instance needs of the world around it. */
export interface InstanceContext {
  readonly clock: Clock;
  readonly act: (name: string, action: WakerAction) => Promise<void>;
  /** Resolves when the instance can serve; rejects when the signal aborts. */
  readonly awaitReady: (name: string, spec: FunctionSpec, signal: AbortSignal) => Promise<void>;
  /** Asks for a new list of containers. */
  readonly look: () => void;
}

/** What others learn of an instance. */
export interface InstanceEvents {
  /** It may serve more, or less, than before. */
  changed(): void;
  /** It ended by itself, or could not start. */
  crashed(message: string): void;
  /** It can serve. @param how from which state */
  woken(how: 'stopped' | 'frozen', ms: number): void;
  /** Its open connections are of no use any more. */
  silent(): void;
}

const START_MS = 60_000;

/** One container of a function, and what is done with it: one thing at a time. */
export class Instance {
  state: InstanceState = 'unknown';
  inflight = 0;
  failures = 0;
  /** Its release was replaced: it gets no requests, and is stopped when it has none. */
  isDraining = false;
  #retryAt = 0;
  #lastUse: number;
  /** When a recycled or replaced instance is stopped, whatever it does. */
  #leaveBy = 0;
  /** When the waker last did something; lists from before tell of the past. */
  #settledAt = Number.NEGATIVE_INFINITY;
  #isBusy = false;
  #cancelTimer: (() => void) | undefined;
  #probing: AbortController | undefined;

  constructor(
    readonly name: string,
    public spec: FunctionSpec,
    private readonly context: InstanceContext,
    private readonly on: InstanceEvents,
  ) {
    this.#lastUse = context.clock.now();
  }

  get hasRoom(): boolean {
    return this.state === 'ready' && !this.isDraining && this.inflight < this.spec.concurrency;
  }

  get canWake(): boolean {
    return !this.isDraining && (this.state === 'frozen' || this.state === 'stopped');
  }

  /** Time until it may be started again. */
  get retryInMs(): number {
    return Math.max(0, this.#retryAt - this.context.clock.now());
  }

  /** Whether nothing of it is left to do. */
  get isOver(): boolean {
    return this.isDraining && !this.#isBusy && this.inflight === 0 && OVER.includes(this.state);
  }

  get report(): InstanceReport {
    const { name, state, inflight, failures } = this;
    const retryInMs = Math.round(this.retryInMs);
    return { name, state, inflight, failures, ...(state === 'backing-off' && { retryInMs }) };
  }

  /** New limits; an instance of the release from before serves again. */
  configure(spec: FunctionSpec): void {
    this.spec = spec;
    this.isDraining = false;
    this.#rest();
  }

  /** A request takes one of its places; the returned function gives it back. */
  take(): () => void {
    this.inflight += 1;
    this.#setTimer();
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      this.inflight -= 1;
      this.#lastUse = this.context.clock.now();
      this.#rest();
      this.on.changed();
    };
  }

  /** An answer came: earlier failures are over. */
  served(): void {
    this.failures = 0;
  }

  /** Call when it {@link canWake}. */
  wake(): void {
    if (this.state === 'frozen') void this.#thaw();
    else void this.#start('start');
  }

  /** A request took too long: stops when the others have ended, and starts anew when it is needed. */
  recycle(): void {
    if (this.state !== 'ready') return;
    this.state = 'recycling';
    this.#leaveBy = this.context.clock.now() + this.spec.timeoutMs;
    this.#rest();
    this.on.changed();
  }

  drain(): void {
    if (this.isDraining) return;
    this.isDraining = true;
    this.#leaveBy = this.context.clock.now() + this.spec.timeoutMs;
    this.#rest();
  }

  /** No connection to it could be made. */
  unreachable(): void {
    if (this.state !== 'ready') return;
    void this.#start();
    this.context.look();
  }

  /** Takes the container as it is. @param askedMs when that was asked */
  observe(container: WakerContainer | undefined, askedMs: number): void {
    if (this.#isBusy || askedMs <= this.#settledAt) return;
    const condition = conditionOf(container);
    if (condition === 'between' || SAME[condition].includes(this.state)) return;
    if (condition === 'running') {
      this.#lastUse = this.context.clock.now();
      if (this.state === 'frozen') this.#become('ready');
      else void this.#start();
    } else if (condition === 'paused') {
      this.#probing?.abort(new Error('it was frozen by somebody else'));
      this.#become('frozen');
    } else if (condition === 'stopped' && (this.state === 'ready' || this.state === 'starting')) {
      this.#failed(exitOf(container));
    } else {
      this.#probing?.abort(new Error('its container is not there'));
      this.#become(condition);
    }
  }

  /** Starts it, or only waits until it can serve. */
  async #start(action?: 'start'): Promise<void> {
    const began = this.context.clock.now();
    this.#become('starting');
    const probing = new AbortController();
    this.#probing = probing;
    const { startMs = START_MS } = this.spec;
    const late = new Error(`it cannot serve ${startMs} ms after its start`);
    const cancel = this.context.clock.after(startMs, () => probing.abort(late));
    try {
      if (action !== undefined) await this.#act(action);
      await this.context.awaitReady(this.name, this.spec, probing.signal);
      if (this.#probing !== probing || probing.signal.aborted) return;
      if (action !== undefined) this.on.woken('stopped', this.context.clock.now() - began);
      this.#become('ready');
    } catch (error) {
      if (this.#probing !== probing) return;
      const isLate = probing.signal.reason === late;
      if (probing.signal.aborted && !isLate) return;
      this.#failed(reasonOf(isLate ? late : error));
      if (!isLate) return;
      // It runs, and serves nobody.
      await this.#act('stop').catch(() => {});
      this.context.look();
    } finally {
      cancel();
      if (this.#probing === probing) this.#probing = undefined;
    }
  }

  async #thaw(): Promise<void> {
    const began = this.context.clock.now();
    this.#become('starting');
    try {
      await this.#act('unpause');
      this.on.woken('frozen', this.context.clock.now() - began);
      this.#become('ready');
    } catch (error) {
      this.#failed(reasonOf(error));
    }
  }

  async #sleep(action: 'pause' | 'stop'): Promise<void> {
    this.state = action === 'pause' ? 'freezing' : 'stopping';
    this.on.silent();
    try {
      await this.#act(action);
      this.#become(action === 'pause' ? 'frozen' : 'stopped');
    } catch {
      // The next list shows what became of it.
      this.#become('unknown');
      this.context.look();
    }
  }

  async #act(action: WakerAction): Promise<void> {
    this.#isBusy = true;
    try {
      await this.context.act(this.name, action);
    } finally {
      this.#isBusy = false;
      this.#settledAt = this.context.clock.now();
    }
  }

  #failed(message: string): void {
    this.failures += 1;
    const pause = backoffMs(this.failures);
    this.#retryAt = this.context.clock.now() + pause;
    this.#probing?.abort(new Error(message));
    this.on.silent();
    this.on.crashed(`${this.name}: ${message}`);
    this.#become('backing-off');
  }

  #become(state: InstanceState): void {
    this.state = state;
    this.#rest();
    this.on.changed();
  }

  /** Decides what is done when nothing happens meanwhile. */
  #rest(): void {
    this.#setTimer();
    const { state, inflight, spec, isDraining } = this;
    if (state === 'backing-off') {
      this.#setTimer(this.retryInMs, () => {
        this.#become('unknown');
        this.context.look();
      });
    } else if (state === 'recycling' || (isDraining && (state === 'ready' || state === 'frozen'))) {
      if (inflight === 0) void this.#sleep('stop');
      else this.#setTimer(this.#leaveBy - this.context.clock.now(), () => void this.#sleep('stop'));
    } else if (state === 'ready' && inflight === 0) this.#planSleep(spec.idleMs, spec.stopMs);
    else if (state === 'frozen') this.#planSleep(null, spec.stopMs);
  }

  #planSleep(idleMs: number | null, stopMs: number | null): void {
    const idleFor = this.context.clock.now() - this.#lastUse;
    const freezesFirst = idleMs !== null && (stopMs === null || idleMs < stopMs);
    const ms = freezesFirst ? idleMs : stopMs;
    if (ms === null) return;
    const action = freezesFirst ? 'pause' : 'stop';
    this.#setTimer(ms - idleFor, () => void this.#sleep(action));
  }

  #setTimer(ms = 0, run?: () => void): void {
    this.#cancelTimer?.();
    this.#cancelTimer = run && this.context.clock.after(Math.max(0, ms), run);
  }
}

const OVER: readonly InstanceState[] = ['unknown', 'missing', 'stopped', 'backing-off'];

/** States in which a container's condition is no news. */
const SAME: Readonly<
  Record<'running' | 'paused' | 'stopped' | 'missing', readonly InstanceState[]>
> = {
  running: ['starting', 'ready', 'recycling', 'backing-off'],
  paused: ['frozen'],
  stopped: ['stopped', 'backing-off'],
  missing: ['missing'],
};
