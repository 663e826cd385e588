import type { Clock } from './clock.js';

/** A service in one stage. */
export interface ServiceName {
  readonly service: string;
  readonly stage: string;
}

/** How much a service stores. */
export interface Measured {
  readonly bytes: number;
  /** Whether room that is free inside the database's files is left out. */
  readonly isExact: boolean;
}

/** Measures a service, exactly when its room on the disk is `exactFromBytes` or more. */
export type UsageOf = (service: ServiceName, exactFromBytes: number) => Promise<Measured>;

/** How much a service may store. */
export interface StorageGateProps {
  readonly capBytes: number;
  /** A measurement is good for so long. */
  readonly freshMs: number;
  /** Writes of at least this size are measured for anew. */
  readonly largeBytes: number;
  readonly usageOf: UsageOf;
  readonly clock: Clock;
  /** Told when measuring fails; the last measurement, or nothing, counts then. */
  readonly onFailure: (error: unknown) => void;
}

/** The data of one service against its cap. */
export interface Usage {
  readonly usedBytes: number;
  readonly capBytes: number;
}

interface Measurement extends Measured {
  readonly at: number;
}

/** More services than this are not remembered: who makes up names must not fill the memory. */
const MOST_SERVICES = 10_000;
/** So many measurements at a time; what is asked for beyond that counts as failed. */
const MOST_RUNNING = 100;

/** Knows how much each service stores, and what therefore may go on. */
export class StorageGate {
  readonly #last = new Map<string, Measurement>();
  readonly #running = new Map<string, Promise<number>>();
  /** Bytes of requests that were let through and have no answer yet. */
  readonly #underWay = new Map<string, number>();

  constructor(private readonly props: StorageGateProps) {}

  /** Whether a request of this size is worth a new measurement. @param bytes `undefined`: untold */
  isLarge(bytes: number | undefined): boolean {
    return bytes === undefined || bytes >= this.props.largeBytes;
  }

  /**
   * Measured now, or a short while ago, and well enough to tell whether `bytes` more fit.
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
   * Lets a request through that fits beside those under way, of which no measurement knows yet.
   * @returns what is to be called when it has its answer; `undefined`: it does not fit
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

  /** All that was measured last, by `service/stage`. */
  *measured(): Iterable<readonly [name: string, bytes: number]> {
    for (const [key, { bytes }] of this.#last) yield [key, bytes];
  }

  /** Who asks the same while a measurement runs shares it. */
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
        // Another one, asked for later, may have ended before.
        if ((this.#last.get(key)?.at ?? at) > at) return measured.bytes;
        // What was measured longest ago is forgotten first.
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

/** Whether a write of `bytes` has no place any more. */
export const isBeyond = ({ usedBytes, capBytes }: Usage, bytes: number): boolean =>
  usedBytes >= capBytes || usedBytes + bytes > capBytes;

/** What a client reads whose write was refused. */
export function storageRefusal({ service, stage }: ServiceName, usage: Usage): string {
  const { usedBytes, capBytes } = usage;
  const used = `${megabytes(usedBytes)} of ${megabytes(capBytes)} MB`;
  return (
    `The service '${service}' in stage '${stage}' uses ${used} of storage, and this write does not ` +
    'fit. Queries and deletes go on; delete data, or raise the cap of the cluster.'
  );
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1).replace(/\.0$/, '');
