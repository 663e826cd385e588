import type { Clock } from '../../clock.js';
import type { WriteSize } from './write-size.js';

/** A service in one stage. */
export interface ServiceName {
  readonly service: string;
  readonly stage: string;
}

/** The storage of a service. */
export interface Measured {
  readonly bytes: number;
  /** Rows of its largest table; known only when `isExact`. */
  readonly rows: number;
  /** Whether free room inside the database's files is excluded. */
  readonly isExact: boolean;
}

/** Measures a service, exactly when its room on the disk is `exactFromBytes` or more. */
export type UsageOf = (service: ServiceName, exactFromBytes: number) => Promise<Measured>;

/** A service's data and its cap. */
export interface Usage {
  /** Measured, and admitted since. */
  readonly usedBytes: number;
  readonly capBytes: number;
}

/**
 * The decision about a write. `done` must be called once, when the write has its answer, or when its
 * client has left. `unknown`: the database has never been measured, and cannot be now.
 */
export type Admission =
  | { readonly kind: 'admitted'; done(isAnswered: boolean): void }
  | { readonly kind: 'beyond'; readonly usage: Usage }
  | { readonly kind: 'unknown' };

interface Measurement extends Measured {
  readonly at: number;
}

/** An admitted write. It counts until a measurement that began after its end includes it. */
interface Reserved {
  readonly bytes: number;
  endedAt: number;
}

/** What is known of a service. */
interface Account {
  last: Measurement | undefined;
  readonly reserved: Set<Reserved>;
  readonly running: Map<number, Promise<Measurement | undefined>>;
}

/** Limit of services in memory: clients that invent names must not fill it. */
const MOST_SERVICES = 10_000;
/** Limit of concurrent measurements; those beyond it count as failed. */
const MOST_RUNNING = 100;
/** A server may go on with a write whose client has left, for as long as its database lets it. */
const LEFT_BEHIND_MS = 30_000;

/** Tracks the storage of each service, and decides which writes pass. */
export class StorageGate {
  /** In the order of their measurements. */
  readonly #accounts = new Map<string, Account>();
  #running = 0;

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

  /** Admits a write if it fits together with all that no measurement includes yet. */
  async admit(name: ServiceName, size: WriteSize): Promise<Admission> {
    const { clock, freshMs, largeBytes } = this.props;
    const account = this.#accountOf(name);
    const isFresh = ({ at }: Measurement) => clock.now() - at < freshMs && size.bytes < largeBytes;
    let last = account.last;
    if (last !== undefined && isFresh(last)) {
      const admission = this.#reserve(account, last, size);
      // A newer measurement may know of deletes, and counts what was written, not what may be.
      if (admission.kind === 'admitted' || isNewest(account, last)) return admission;
    }
    last = await this.#measure(name, account, size);
    return last === undefined ? { kind: 'unknown' } : this.#reserve(account, last, size);
  }

  /** The last measurements, by `service/stage`. */
  *measured(): Iterable<readonly [name: string, bytes: number]> {
    for (const [key, { last }] of this.#accounts) if (last) yield [key, last.bytes];
  }

  #accountOf(name: ServiceName): Account {
    const key = keyOf(name);
    const known = this.#accounts.get(key);
    if (known !== undefined) return known;
    // The longest unmeasured is dropped first, unless it has reservations.
    for (const [oldest, { reserved, running }] of this.#accounts) {
      if (this.#accounts.size < MOST_SERVICES) break;
      if (reserved.size + running.size === 0) this.#accounts.delete(oldest);
    }
    const account: Account = { last: undefined, reserved: new Set(), running: new Map() };
    this.#accounts.set(key, account);
    return account;
  }

  /** Without any wait between the check and the reservation: writers overrun no cap together. */
  #reserve(account: Account, last: Measurement, size: WriteSize): Admission {
    const { capBytes, clock } = this.props;
    const usedBytes = last.bytes + reservedBytes(account);
    const room = capBytes - usedBytes;
    // The rows of a coarse measurement are unknown; none is smaller than a few bytes.
    const rows = last.isExact ? last.rows : last.bytes / LEAST_ROW_BYTES;
    const needed = size.isOpen ? Math.max(size.bytes, room) : size.bytes + size.perRow * rows;
    if (room <= 0 || needed > room) return { kind: 'beyond', usage: { usedBytes, capBytes } };
    const reserved: Reserved = { bytes: needed, endedAt: Number.POSITIVE_INFINITY };
    account.reserved.add(reserved);
    return {
      kind: 'admitted',
      done(isAnswered) {
        reserved.endedAt = clock.now() + (isAnswered ? 0 : LEFT_BEHIND_MS);
      },
    };
  }

  /** Requests for the same measurement share it. */
  #measure(name: ServiceName, account: Account, size: WriteSize) {
    const { capBytes } = this.props;
    const needsRows = size.perRow > 0 || size.isOpen;
    const exactFromBytes = needsRows ? 0 : capBytes - size.bytes - reservedBytes(account);
    const running = account.running.get(exactFromBytes);
    if (running !== undefined) return running;
    if (this.#running >= MOST_RUNNING) return Promise.resolve(account.last);
    this.#running += 1;
    const measuring = this.#take(name, account, exactFromBytes).finally(() => {
      this.#running -= 1;
      account.running.delete(exactFromBytes);
    });
    account.running.set(exactFromBytes, measuring);
    return measuring;
  }

  async #take(name: ServiceName, account: Account, exactFromBytes: number) {
    const at = this.props.clock.now();
    try {
      const measured = await this.props.usageOf(name, exactFromBytes);
      // A later measurement may have ended first.
      if ((account.last?.at ?? at) > at) return account.last;
      account.last = { ...measured, at };
      for (const one of account.reserved) if (one.endedAt < at) account.reserved.delete(one);
      this.#accounts.delete(keyOf(name));
      this.#accounts.set(keyOf(name), account);
    } catch (error) {
      this.props.onFailure(error);
    }
    return account.last;
  }
}

/** Size of the smallest rows: the two ids of a link. */
const LEAST_ROW_BYTES = 60;

const keyOf = ({ service, stage }: ServiceName) => `${service}/${stage}`;

function reservedBytes({ reserved }: Account): number {
  let sum = 0;
  for (const { bytes } of reserved) sum += bytes;
  return sum;
}

/** Whether a new measurement could not say more: exact, with nothing written since. */
const isNewest = ({ reserved }: Account, { isExact }: Measurement) =>
  isExact && reserved.size === 0;

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
