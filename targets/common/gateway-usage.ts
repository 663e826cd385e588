import type { Engine } from '../../clients/docker/connect.js';
import { runInContainer } from '../../clients/docker/run-in-container.js';
import { objectName } from '../../cluster/names.js';
import type { Problem } from '../../lib/errors.js';
import { type UsageReport, usageReport } from '../../prisma/usage-report.js';

/** What asking the gateway showed. */
export type UsageFound = { readonly report: UsageReport } | { readonly problem: Problem };

/** In the gateway’s image: tells within 5 s of its own start. */
const SCRIPT = '/opt/clusterkit/usage.mjs';
const TIMEOUT_MS = 8000;

/**
 * What the services of a development cluster use of their limits, as its gateway tells. Why nobody
 * can tell is told, not thrown. @param engine on which the gateway runs
 */
export async function usageOf(
  engine: Engine,
  cluster: string,
  signal: AbortSignal,
): Promise<UsageFound> {
  const name = objectName(cluster, 'gateway');
  const unknown = (reason: string) => {
    const message = `the gateway does not tell what services use: ${reason}`;
    return { problem: { path: name, message } };
  };
  const bound = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const asked = runInContainer(engine.getContainer(name), ['node', SCRIPT]);
    const { exitCode, output } = await Promise.race([asked, failureOf(bound)]);
    if (exitCode !== 0) return unknown(output.slice(0, 200) || `exit code ${exitCode}`);
    const report = usageReport.safeParse(JSON.parse(output));
    return report.success ? { report: report.data } : unknown('its answer has another form');
  } catch (error) {
    signal.throwIfAborted();
    const isLate = bound.aborted;
    const reason = error instanceof Error ? error.message : String(error);
    return unknown(isLate ? `no answer within ${TIMEOUT_MS / 1000} s` : reason);
  }
}

const failureOf = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
