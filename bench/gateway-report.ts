import { availableParallelism, loadavg } from 'node:os';
import { textTable } from '../cli/text-table.js';
import { median } from './timing.js';

/** Added latency at the 99th percentile over direct access, and share of nginx's throughput. */
const GOAL = { addedP99Ms: 1, throughputShare: 0.5 };

/** Measurements of one contender; each list has a number for each round. */
export interface Result {
  readonly name: string;
  readonly perSecond: readonly number[];
  /** Processor time of the program itself for each answer. */
  readonly cpuUs: readonly number[];
  readonly p50: readonly number[];
  readonly p99: readonly number[];
}

/** Renders the results of direct access, the gateway and nginx, in this order. */
export function report(
  results: readonly Result[],
  bench: {
    readonly seconds: number;
    readonly connections: number;
    /** Rate of the latency measurement. */
    readonly perSecond: number;
  },
): string {
  const [direct, gateway, nginx] = results;
  if (!direct || !gateway || !nginx) return '';
  /** Compares within each round: what disturbs one contender disturbs its neighbours as well. */
  const perRound = (one: readonly number[], other: readonly number[], join: typeof share) =>
    one.map((value, round) => join(value, other[round] ?? Number.NaN));
  const rows = results.map(({ name, perSecond, cpuUs, p50, p99 }) => [
    name,
    ...[median(perSecond).toFixed(0), median(cpuUs).toFixed(0)],
    ...[median(p50).toFixed(2), median(p99).toFixed(2)],
    ...[perRound(p50, direct.p50, added), perRound(p99, direct.p99, added)].map((all) =>
      median(all).toFixed(2),
    ),
  ]);
  const shares = perRound(gateway.perSecond, nginx.perSecond, share);
  const addedP99 = perRound(gateway.p99, direct.p99, added);
  const busy = loadavg()
    .map((one) => one.toFixed(1))
    .join(', ');
  return [
    `Medians of ${direct.perSecond.length} rounds of ${bench.seconds} s each; ${bench.connections} connections; latency in ms at ${bench.perSecond}/s.`,
    `Node ${process.version} (the image has Debian's 18); ${availableParallelism()} cores, load ${busy}.`,
    textTable([['', 'per second', 'CPU µs', 'p50', 'p99', 'added p50', 'added p99'], ...rows]),
    `Throughput: ${median(shares).toFixed(2)} of nginx's, ${spread(shares)} (goal: at least ${GOAL.throughputShare}).`,
    `Added at p99: ${median(addedP99).toFixed(2)} ms, ${spread(addedP99)} (goal: at most ${GOAL.addedP99Ms}).`,
    '',
  ].join('\n');
}

const share = (one: number, other: number): number => one / other;
const added = (one: number, other: number): number => one - other;
const spread = (all: readonly number[]): string =>
  `${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)}`;
