import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AccessEntry } from './access-log.js';

const NAME = 'clusterkit_gateway';
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Limit of service names in labels; clients that invent names must not fill the memory. */
const MOST_SERVICES = 200;

/** Requests of one kind and status; `seconds` holds those that are not counted yet. */
interface Meter {
  readonly counter: Counter.Internal;
  readonly histogram: Histogram.Internal<string>;
  seconds: number[];
}

/** Counting in batches costs a tenth of counting each request. */
const MOST_WAITING = 1_000;

function settle(meter: Meter): void {
  const { counter, histogram, seconds } = meter;
  meter.seconds = [];
  counter.inc(seconds.length);
  for (const each of seconds) histogram.observe(each);
}

/** The metrics for Prometheus. No label has a value that a client chooses. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter;
  readonly #durations: Histogram;
  readonly #delays: Histogram;
  /** By kind and status. */
  readonly #meters = new Map<string, Meter>();

  constructor({
    queued,
    webSockets,
    storage,
  }: {
    readonly queued: () => number;
    readonly webSockets: () => number;
    /** Bytes by `service/stage`. */
    readonly storage: () => Iterable<readonly [name: string, bytes: number]>;
  }) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry, prefix: `${NAME}_` });
    const collect = () => {
      for (const meter of this.#meters.values()) if (meter.seconds.length > 0) settle(meter);
    };
    this.#requests = new Counter({
      ...{ name: `${NAME}_requests_total`, help: 'Answered requests', registers },
      ...{ labelNames: ['kind', 'status'], collect },
    });
    this.#durations = new Histogram({
      ...{ name: `${NAME}_request_duration_seconds`, help: 'From request to answer', registers },
      ...{ labelNames: ['kind'], buckets: BUCKETS, collect },
    });
    this.#delays = new Histogram({
      ...{ name: `${NAME}_throttled_seconds`, help: 'Delay of requests that waited', registers },
      buckets: [1, 2, 5, 10, 15, 20, 25, 30, 60],
    });
    const gauge = (name: string, help: string, value: () => number) =>
      new Gauge({
        ...{ name: `${NAME}_${name}`, help, registers },
        collect() {
          this.set(value());
        },
      });
    gauge('queued_requests', 'Requests that wait for their turn', queued);
    gauge('websockets', 'Open WebSockets', webSockets);
    new Gauge({
      ...{ name: `${NAME}_storage_bytes`, help: 'Data of a service', registers },
      labelNames: ['service'],
      collect() {
        this.reset();
        let rest = MOST_SERVICES;
        for (const [service, bytes] of storage()) {
          // A service without data may be a name that a client invented.
          if (bytes > 0 && rest-- > 0) this.set({ service }, bytes);
        }
      },
    });
  }

  /** @param kind of the route */
  add(kind: string, { status, durationMs, throttledMs }: AccessEntry): void {
    const key = `${kind} ${status}`;
    let meter = this.#meters.get(key);
    if (meter === undefined) {
      const counter = this.#requests.labels(kind, String(status));
      meter = { counter, histogram: this.#durations.labels(kind), seconds: [] };
      this.#meters.set(key, meter);
    }
    if (meter.seconds.push(durationMs / 1000) >= MOST_WAITING) settle(meter);
    if (throttledMs > 0) this.#delays.observe(throttledMs / 1000);
  }

  /** All metrics in the text format of Prometheus, with its content type. */
  async read(): Promise<{ readonly type: string; readonly text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}
