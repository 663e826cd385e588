import type { Clock } from './clock.js';

/** A service in one stage. */
export interface ServiceName {
  readonly service: string;
  readonly stage: string;
}

/** The storage of a service. */
export interface Measured {
  readonly bytes: number;
  /** Whether free room inside the database's files is excluded. */
  readonly isExact: boolean;
}

/** Measures a service, exactly when its room on the disk is `exactFromBytes` or more. */
export type UsageOf = (service: ServiceName, exactFromBytes: number) => Promise<Measured>;

/** A service's data and its cap. */
export interface Usage {
  readonly usedBytes: number;
  readonly capBytes: number;
}

interface Measurement extends Measured {
  readonly at: number;
}

/** Limit of services in memory: clients that invent names must not fill it. */
const MOST_SERVICES = 10_000;
/** Limit of concurrent measurements; those beyond it count as failed. */
const MOST_RUNNING = 100;

/** Tracks the storage of each service, and decides which writes pass. */
export class StorageGate {
  readonly #last = new Map<string, Measurement>();
  readonly #running = new Map<string, Promise<number>>();
  /** Bytes of admitted requests without an answer. */
  readonly #underWay = new Map<string, number>();

  constructor(
    private readonly props: {
      readonly capBytes: number;
      /** Lifetime of a measurement. */
      readonly freshMs: number;
      /** Writes of at least this size trigger a new measurement. */
      readonly largeBytes: number;
      readonly usageOf: UsageOf;
      readonly clock: Clock;
      /** Called when measuring fails; the last measurement then stays valid, if there is one. */
      readonly onFailure: (error: unknown) => void;
    },
  ) {}

  /** Whether a request of this size needs a new measurement. @param bytes `undefined`: unknown */
  isLarge(bytes: number | undefined): boolean {
    return bytes === undefined || bytes >= this.props.largeBytes;
  }

  /**
   * A measurement that is recent, and exact enough to decide whether `bytes` more fit.
   * @param bytes of a write @default 0
   */
  async usage(name: ServiceName, { bytes = 0, isFresh = false } = {}): Promise<Usage> {
    const { capBytes, freshMs, clock } = this.props;
    const last = this.#last.get(keyOf(name));
    const isGood =
      !isFresh &&
      last !== undefined &&
      clock.now() - last.at < freshMs &&
      (last.isExact || last.bytes + bytes <= capBytes);
    const usedBytes = isGood ? last.bytes : await this.#measure(name, capBytes - bytes);
    return { usedBytes, capBytes };
  }

  /**
   * Admits a request if it fits together with the running ones, which no measurement includes yet.
   * @returns a function to call when it has its answer; `undefined`: it does not fit
   */
  letThrough(name: ServiceName, usage: Usage, bytes: number): (() => void) | undefined {
    const key = keyOf(name);
    const underWay = this.#underWay.get(key) ?? 0;
    if (isBeyond({ ...usage, usedBytes: usage.usedBytes + underWay }, bytes)) return undefined;
    this.#underWay.set(key, underWay + bytes);
    return () => {
      const left = (this.#underWay.get(key) ?? 0) - bytes;
      if (left > 0) this.#underWay.set(key, left);
      else this.#underWay.delete(key);
    };
  }

  /** The last measurements, by `service/stage`. */
  *measured(): Iterable<readonly [name: string, bytes: number]> {
    for (const [key, { bytes }] of this.#last) yield [key, bytes];
  }

  /** Requests for the same measurement share it. */
  #measure(name: ServiceName, exactFromBytes: number): Promise<number> {
    const key = keyOf(name);
    const question = `${key} ${exactFromBytes}`;
    const running = this.#running.get(question);
    if (running !== undefined) return running;
    if (this.#running.size >= MOST_RUNNING) {
      return Promise.resolve(this.#last.get(key)?.bytes ?? 0);
    }
    const { usageOf, onFailure, clock } = this.props;
    const at = clock.now();
    const measuring = usageOf(name, exactFromBytes)
      .then((measured) => {
        // A later measurement may have ended first.
        if ((this.#last.get(key)?.at ?? at) > at) return measured.bytes;
        // The oldest measurement is dropped first.
        this.#last.delete(key);
        for (const oldest of this.#last.keys()) {
          if (this.#last.size < MOST_SERVICES) break;
          this.#last.delete(oldest);
        }
        this.#last.set(key, { ...measured, at });
        return measured.bytes;
      })
      .catch((error: unknown) => {
        onFailure(error);
        return this.#last.get(key)?.bytes ?? 0;
      })
      .finally(() => this.#running.delete(question));
    this.#running.set(question, measuring);
    return measuring;
  }
}

const keyOf = ({ service, stage }: ServiceName) => `${service}/${stage}`;

/** Whether a write of `bytes` exceeds the cap. */
export const isBeyond = ({ usedBytes, capBytes }: Usage, bytes: number): boolean =>
  usedBytes >= capBytes || usedBytes + bytes > capBytes;

/** The answer to a client whose write is refused. */
export function storageRefusal({ service, stage }: ServiceName, usage: Usage): string {
  const { usedBytes, capBytes } = usage;
  const used = `${megabytes(usedBytes)} of ${megabytes(capBytes)} MB`;
  return (
    `The service '${service}' in stage '${stage}' uses ${used} of storage, and this write does not ` +
    'fit. Queries and deletes go on; delete data, or raise the cap of the cluster.'
  );
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1).replace(/\.0$/, '');
