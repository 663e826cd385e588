import type { Clock } from '../../clock.js';
import { isServiceToken } from '../../service-token.js';
import type { ServiceName } from '../storage/storage-gate.js';
import type { DeployedService } from '../usage/usage-source.js';

/**
 * Whether a client may use a service: `in`, with or without a secret; `refused`: its token is none of
 * the service; `missing`: there is no such service; `unknown`: the database does not say.
 */
export type Entry = 'in' | 'in-by-token' | 'refused' | 'missing' | 'unknown';

/** Limit of services in memory. */
const MOST_SERVICES = 20_000;
/** A list is good for so long, for services that are on it. */
const FRESH_MS = 5_000;
/** Time between two lists, however many clients ask for services that are not on it. */
const PAUSE_MS = 250;
/** Pause after a failure; meanwhile nothing is known. */
const FAILED_MS = 5_000;
/** Limit of clients that wait for the next list. */
const MOST_WAITING = 500;

interface List {
  readonly startedAt: number;
  readonly byKey: ReadonlyMap<string, readonly DeployedService[]>;
}

/**
 * The deployed services with their secrets, as the server's own tables have them. Clients without a
 * valid token, and names that nobody deployed, are refused here, before they cost anything else.
 */
export class ServiceDirectory {
  #list: List | undefined;
  #running: Promise<void> | undefined;
  #notBefore = Number.NEGATIVE_INFINITY;
  #waiting = 0;

  constructor(
    private readonly props: {
      readonly deployed: (most: number) => Promise<readonly DeployedService[]>;
      readonly clock: Clock;
      readonly now: () => Date;
      /** Called when the services cannot be listed. */
      readonly onFailure: (error: unknown) => void;
    },
  ) {}

  /** @param header `Authorization` as received; `undefined` for WebSockets, which have none */
  async entry(
    { service, stage }: ServiceName,
    header: string | undefined,
    { isJudged = true } = {},
  ): Promise<Entry> {
    const arrivedAt = this.props.clock.now();
    const key = keyOf({ service, stage });
    const judge = async () => {
      const found = this.#list?.byKey.get(key) ?? [];
      if (found.length === 0) return 'missing';
      if (found.some(({ secrets }) => secrets.length === 0)) return 'in';
      if (!isJudged) return 'in-by-token';
      for (const { secrets } of found) {
        if (await isServiceToken(secrets, header, this.props.now())) return 'in-by-token';
      }
      return 'refused';
    };
    if (this.#list !== undefined && arrivedAt - this.#list.startedAt < FRESH_MS) {
      const entry = await judge();
      if (entry !== 'missing' && entry !== 'refused') return entry;
    }
    // The service, or its secret, may be new: only a list that began since then decides.
    await this.#newList(arrivedAt);
    return this.#list === undefined ? 'unknown' : judge();
  }

  /** Waits for a list that began after `arrivedAt`; without one when too many wait, or none comes. */
  async #newList(arrivedAt: number): Promise<void> {
    if (this.#waiting >= MOST_WAITING) return;
    this.#waiting += 1;
    try {
      while ((this.#list?.startedAt ?? Number.NEGATIVE_INFINITY) < arrivedAt) {
        const before = this.#list;
        this.#running ??= this.#read().finally(() => {
          this.#running = undefined;
        });
        await this.#running;
        if (this.#list === before) return;
      }
    } finally {
      this.#waiting -= 1;
    }
  }

  async #read(): Promise<void> {
    const { clock, deployed, onFailure } = this.props;
    const wait = this.#notBefore - clock.now();
    if (wait > PAUSE_MS) return;
    if (wait > 0) await new Promise<void>((resolve) => clock.after(wait, resolve));
    const startedAt = clock.now();
    this.#notBefore = startedAt + PAUSE_MS;
    try {
      const byKey = new Map<string, DeployedService[]>();
      for (const service of await deployed(MOST_SERVICES)) {
        byKey.set(keyOf(service), [...(byKey.get(keyOf(service)) ?? []), service]);
      }
      this.#list = { startedAt, byKey };
    } catch (error) {
      this.#list = undefined;
      this.#notBefore = clock.now() + FAILED_MS;
      onFailure(error);
    }
  }
}

/** Some databases ignore the case of names. */
const keyOf = ({ service, stage }: ServiceName) => `${service}/${stage}`.toLowerCase();
