import type { FunctionSpec } from '../../../../cluster/functions/functions-document.js';
import type { WakerAction, WakerContainer } from '../../../../cluster/functions/waker-protocol.js';
import type { RunnerContext } from '../../../../programs/activator/function-runner.js';
import { HandClock } from '../hand-clock.js';

/** Containers that do what they are told, in the test's time; and a record of what they were told. */
export class FakeContext implements RunnerContext {
  readonly clock = new HandClock();
  readonly acts: string[] = [];
  readonly lines: string[] = [];
  readonly disconnected: string[] = [];
  readonly states = new Map<string, string>();
  /** Time of each start, until it can serve. */
  startMs = 500;
  /** Errors of the next calls, by `<action> <name>`. */
  readonly failures = new Map<string, string>();
  looks = 0;

  now = () => new Date(this.clock.now());
  log = (line: string) => this.lines.push(line);
  disconnect = (instance: string) => this.disconnected.push(instance);
  look = () => {
    this.looks += 1;
  };

  act = async (name: string, action: WakerAction) => {
    this.acts.push(`${action} ${name}`);
    const failure = this.failures.get(`${action} ${name}`);
    if (failure !== undefined) throw new Error(failure);
    this.states.set(name, AFTER[action]);
  };

  awaitReady = (_name: string, _spec: FunctionSpec, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      this.clock.after(this.startMs, resolve);
    });

  /** The list that the waker would give. */
  list(): Map<string, WakerContainer> {
    const of = ([name, state]: [string, string]): [string, WakerContainer] => [
      name,
      { name, state, status: state === 'exited' ? 'Exited (1) 1 second ago' : state },
    ];
    return new Map([...this.states].map(of));
  }
}

const AFTER: Readonly<Record<WakerAction, string>> = {
  start: 'running',
  unpause: 'running',
  pause: 'paused',
  stop: 'exited',
};

/** A function of two instances, with small limits. */
export const SPEC: FunctionSpec = {
  ...{ release: 'r1', port: 8080, instances: ['a', 'b'], concurrency: 2, queue: 3 },
  ...{ waitMs: 10_000, timeoutMs: 4_000, idleMs: null, stopMs: null, startMs: 5_000 },
};
