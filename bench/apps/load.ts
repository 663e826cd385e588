import { latencies, percentile, throughput } from '../http-load.js';
import { median } from '../timing.js';

const CONNECTIONS = 32;
/** Rate of the latency measurement. */
const PER_SECOND = 100;
const WARM_UP_SECONDS = 3;

/** Rows of a table: answers per second, and latency at a fixed rate in ms, of each way to one program. */
export async function loadRows(
  ways: Readonly<Record<string, number>>,
  { rounds, seconds, script }: { rounds: number; seconds: number; script: string },
): Promise<string[][]> {
  const results = Object.entries(ways).map(([name, port]) => ({
    ...{ name, port, perSecond: [] as number[], p50: [] as number[], p99: [] as number[] },
  }));
  const load = { connections: CONNECTIONS, script };
  for (const { port } of results) await throughput(port, { ...load, seconds: WARM_UP_SECONDS });
  for (let round = 0; round < rounds; round++) {
    for (const { port, perSecond, p50, p99 } of results) {
      perSecond.push(await throughput(port, { ...load, seconds }));
      const took = await latencies(port, PER_SECOND, seconds * 1000);
      p50.push(percentile(took, 0.5));
      p99.push(percentile(took, 0.99));
    }
  }
  return [
    ['', 'answers/s', `p50 ms at ${PER_SECOND}/s`, 'p99 ms'],
    ...results.map(({ name, perSecond, p50, p99 }) => [
      ...[name, median(perSecond).toFixed(0)],
      ...[median(p50).toFixed(1), median(p99).toFixed(1)],
    ]),
  ];
}
