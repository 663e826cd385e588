import type { Engine } from '../../clients/docker/connect.js';
import { runInContainer } from '../../clients/docker/run-in-container.js';
import { objectName } from '../../cluster/names.js';
import type { Problem } from '../../lib/errors.js';
import { beforeAbort, timeLimit } from '../../lib/time-limit.js';
import { type UsageReport, usageReport } from '../../prisma/usage-report.js';

/** Result of a usage query. */
export type UsageFound = { readonly report: UsageReport } | { readonly problem: Problem };

/** Program in the gateway’s image; it answers within 5 s of its start. */
const SCRIPT = '/opt/clusterkit/usage.mjs';
const TIMEOUT_MS = 8000;

/**
 * Usage and limits of a development cluster's services, from its gateway. Failures are returned as a
 * problem, not thrown. @param engine on which the gateway runs
 */
export async function usageOf(
  engine: Engine,
  cluster: string,
  signal: AbortSignal,
): Promise<UsageFound> {
  const name = objectName(cluster, 'gateway');
  const unknown = (reason: string) => {
    const message = `the gateway does not report the usage of services: ${reason}`;
    return { problem: { path: name, message } };
  };
  const bound = timeLimit(TIMEOUT_MS, signal);
  try {
    const asked = runInContainer(engine.getContainer(name), ['node', SCRIPT]);
    const { exitCode, output } = await beforeAbort(bound, asked);
    if (exitCode !== 0) return unknown(output.slice(0, 200) || `exit code ${exitCode}`);
    const report = usageReport.safeParse(JSON.parse(output));
    return report.success ? { report: report.data } : unknown('unexpected response');
  } catch (error) {
    signal.throwIfAborted();
    const isLate = bound.aborted;
    const reason = error instanceof Error ? error.message : String(error);
    return unknown(isLate ? `no answer within ${TIMEOUT_MS / 1000} s` : reason);
  }
}
