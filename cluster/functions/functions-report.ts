/** What the activator answers on `GET /functions`. */
export interface FunctionsReport {
  /** Of the file that is in force; empty before the first one. */
  readonly digest: string;
  /** A later file that could not be used. */
  readonly rejected?: { readonly digest: string; readonly reason: string };
  /** Why containers cannot be woken at the moment. @default - they can */
  readonly wakerProblem?: string;
  /** By the name of the application. */
  readonly functions: Readonly<Record<string, FunctionReport>>;
}

/** One function. Counts are since the activator's start. */
export interface FunctionReport {
  readonly release: string;
  readonly instances: readonly InstanceReport[];
  /** Of releases from before that still have requests, or are being stopped. */
  readonly draining: readonly InstanceReport[];
  /** Requests at its instances. */
  readonly inflight: number;
  /** Requests that wait. */
  readonly queue: number;
  readonly counts: FunctionCounts;
  /** @default - none yet */
  readonly lastError?: { readonly time: string; readonly message: string };
  /** From the last start of a stopped instance until it could serve. */
  readonly lastColdStartMs?: number;
  /** From the last call for a frozen instance until it could serve. */
  readonly lastThawMs?: number;
}

/** What became of requests and instances. */
export interface FunctionCounts {
  /** Requests that an instance answered. */
  readonly served: number;
  /** Requests that were turned away: the queue was full, the wait too long, no instance could start. */
  readonly refused: number;
  /** Requests that took longer than they may. */
  readonly timeouts: number;
  /** Requests that an instance received and did not answer. */
  readonly broken: number;
  /** Instances that ended by themselves, or could not start. */
  readonly crashes: number;
}

/** One container of a function. */
export interface InstanceReport {
  readonly name: string;
  readonly state: InstanceState;
  readonly inflight: number;
  /** Failures in a row. */
  readonly failures: number;
  /** Time until it may be started again, in ms; when it is backing off. */
  readonly retryInMs?: number;
}

/**
 * `unknown`: the waker has not told yet; `missing`: there is no such container; `recycling`: a request took too
 * long, and the instance is stopped as soon as those beside it have ended.
 */
export type InstanceState =
  | 'unknown'
  | 'missing'
  | 'stopped'
  | 'starting'
  | 'ready'
  | 'freezing'
  | 'frozen'
  | 'recycling'
  | 'stopping'
  | 'backing-off';
