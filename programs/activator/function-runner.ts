import type { FunctionSpec } from '../../cluster/functions/functions-document.js';
import type { FunctionReport } from '../../cluster/functions/functions-report.js';
import type { WakerContainer } from '../../cluster/functions/waker-protocol.js';
import type { Log } from '../log.js';
import { HOPELESS_FAILURES } from './backoff.js';
import { Instance, type InstanceContext } from './instance.js';
import { noFunction, notStarting, queueFull, stopping, type Turn, waitedTooLong } from './turn.js';
import { WaitingLine } from './waiting-line.js';

/** What a function needs of the world around it. */
export interface RunnerContext extends InstanceContext {
  readonly now: () => Date;
  readonly log: Log;
  /** Closes the open connections to an instance. */
  readonly disconnect: (instance: string) => void;
}

/** One function: its instances, and the requests that wait for them. */
export class FunctionRunner {
  readonly #line: WaitingLine;
  #instances: Instance[] = [];
  #draining: Instance[] = [];
  #isStopping = false;
  #isGone = false;
  #lastError: FunctionReport['lastError'];
  readonly #counts = { served: 0, refused: 0, timeouts: 0, broken: 0, crashes: 0 };
  readonly #woken: { stopped?: number; frozen?: number } = {};

  constructor(
    readonly name: string,
    private spec: FunctionSpec,
    private readonly context: RunnerContext,
  ) {
    this.#line = new WaitingLine(context.clock);
    this.configure(spec);
  }

  /** Time of one request at an instance. */
  get timeoutMs(): number {
    return this.spec.timeoutMs;
  }

  /** Whether it was removed, and nothing of it is left. */
  get isOver(): boolean {
    return this.#isGone && this.#draining.length === 0;
  }

  get report(): FunctionReport {
    const { stopped, frozen } = this.#woken;
    return {
      release: this.spec.release,
      instances: this.#instances.map(({ report }) => report),
      draining: this.#draining.map(({ report }) => report),
      inflight: this.#inflight,
      queue: this.#line.length,
      counts: { ...this.#counts },
      ...(this.#lastError && { lastError: this.#lastError }),
      ...(stopped !== undefined && { lastColdStartMs: Math.round(stopped) }),
      ...(frozen !== undefined && { lastThawMs: Math.round(frozen) }),
    };
  }

  /** A new release, or other limits: instances that it does not name get no more requests. */
  configure(spec: FunctionSpec): void {
    this.spec = spec;
    this.#isGone = false;
    const known = new Map([...this.#instances, ...this.#draining].map((each) => [each.name, each]));
    this.#instances = spec.instances.map((name) => known.get(name) ?? this.#newInstance(name));
    for (const { name } of this.#instances) known.delete(name);
    this.#draining = [...known.values()];
    for (const each of this.#instances) each.configure(spec);
    for (const each of this.#draining) each.drain();
    this.context.look();
    this.#serve();
  }

  /** There is no such function any more. */
  remove(): void {
    this.#line.serve(noFunction);
    this.configure({ ...this.spec, instances: [] });
    this.#isGone = true;
  }

  /** Waiting requests are turned away. */
  stop(): void {
    this.#isStopping = true;
    this.#line.serve(stopping);
  }

  observe(list: ReadonlyMap<string, WakerContainer>, askedMs: number): void {
    for (const each of [...this.#instances, ...this.#draining]) {
      each.observe(list.get(each.name), askedMs);
    }
    this.#serve();
  }

  /** Waits for a place at an instance. @param isAgain it had one, at an instance that was not there */
  async acquire(signal: AbortSignal, isAgain = false): Promise<Turn> {
    const turn = this.#turnAtOnce(isAgain) ?? (await this.#wait(signal, isAgain));
    if (turn.outcome === 'refused') this.#counts.refused += 1;
    return turn;
  }

  served(instance: Instance): void {
    this.#counts.served += 1;
    instance.served();
  }

  /** A request took too long, and its client is not the cause. */
  timedOut(instance: Instance): void {
    this.#counts.timeouts += 1;
    this.#tell(`${instance.name}: a request was not answered within ${this.timeoutMs / 1000} s`);
    instance.recycle();
  }

  /** An instance did not answer. @param isSent it may have received the request */
  broken(instance: Instance, reason: string, isSent: boolean): void {
    if (isSent) {
      this.#counts.broken += 1;
      this.#tell(`${instance.name}: a request was not answered: ${reason}`);
      this.context.look();
    } else instance.unreachable();
  }

  get #inflight(): number {
    return [...this.#instances, ...this.#draining].reduce((sum, each) => sum + each.inflight, 0);
  }

  #turnAtOnce(isAgain: boolean): Turn | undefined {
    if (this.#isStopping) return stopping();
    if (this.#isGone) return noFunction();
    if (this.#line.length === 0 || isAgain) {
      const turn = this.#admit();
      if (turn !== undefined) return turn;
    }
    if (this.#isHopeless) return this.#notStarting();
    const { queue, concurrency } = this.spec;
    const most = queue + concurrency * this.#instances.length;
    const held = this.#line.length + this.#instances.reduce((sum, each) => sum + each.inflight, 0);
    return !isAgain && held >= most ? queueFull(this.name, most) : undefined;
  }

  #wait(signal: AbortSignal, isAgain: boolean): Promise<Turn> {
    if (signal.aborted) return Promise.resolve({ outcome: 'gone' });
    const { waitMs } = this.spec;
    const onLate = () =>
      this.#instances.some(({ state }) => state === 'ready')
        ? waitedTooLong(this.name, waitMs)
        : this.#notStarting();
    const turn = this.#line.wait(signal, { isAgain, waitMs, onLate });
    this.#serve();
    return turn;
  }

  /** A place at the first instance that has one: so the others can sleep. */
  #admit(): Turn | undefined {
    const instance = this.#instances.find(({ hasRoom }) => hasRoom);
    return instance && { outcome: 'admitted', instance, giveBack: instance.take() };
  }

  #serve(): void {
    this.#draining = this.#draining.filter(({ isOver }) => !isOver);
    this.#line.serve(() => this.#admit());
    if (this.#line.length > 0 && this.#isHopeless) this.#line.serve(() => this.#notStarting());
    this.#wakeFor(this.#line.length);
  }

  /** Wakes as many instances as the waiting requests need; frozen ones serve sooner. */
  #wakeFor(waiting: number): void {
    const { concurrency } = this.spec;
    const starting = this.#instances.filter(({ state }) => state === 'starting').length;
    const canWake = this.#instances.filter(({ canWake }) => canWake);
    const frozenFirst = [
      ...canWake.filter(({ state }) => state === 'frozen'),
      ...canWake.filter(({ state }) => state === 'stopped'),
    ];
    const missing = Math.ceil(waiting / concurrency) - starting;
    for (const each of frozenFirst.slice(0, Math.max(0, missing))) {
      // One that wakes serves the line, which may have woken the next one already.
      if (each.canWake) each.wake();
    }
  }

  /** Whether no instance can be expected soon. */
  get #isHopeless(): boolean {
    return this.#instances.every(
      ({ state, failures }) =>
        state === 'missing' || (state === 'backing-off' && failures >= HOPELESS_FAILURES),
    );
  }

  #notStarting(): Turn {
    const waits = this.#instances.map(({ retryInMs }) => retryInMs);
    return notStarting(this.name, waits.length > 0 ? Math.min(...waits) : 0);
  }

  #newInstance(name: string): Instance {
    return new Instance(name, this.spec, this.context, {
      changed: () => this.#serve(),
      crashed: (message) => {
        this.#counts.crashes += 1;
        this.#tell(message);
      },
      woken: (how, ms) => {
        this.#woken[how] = ms;
      },
      silent: () => this.context.disconnect(name),
    });
  }

  #tell(message: string): void {
    this.#lastError = { time: this.context.now().toISOString(), message };
    this.context.log(`function ${this.name}: ${message}`);
  }
}
