import type { Engine } from '../../clients/docker/connect.js';
import { runInContainer } from '../../clients/docker/run-in-container.js';
import type { FunctionsReport } from '../../cluster/functions/functions-report.js';
import { ACTIVATOR_REPORT_PORT } from '../../cluster/functions/runtime-container.js';
import { objectName } from '../../cluster/names.js';

/**
 * How a cluster's functions are, as the activator tells it.
 * @throws Error when there is no activator, or it does not answer
 */
export async function functionStates(engine: Engine, cluster: string): Promise<FunctionsReport> {
  return JSON.parse(await askActivator(engine, cluster, '/functions')) as FunctionsReport;
}

/** Fails with the reason unless the activator serves, and can wake containers. */
export async function assertActivatorServes(engine: Engine, cluster: string): Promise<void> {
  await askActivator(engine, cluster, '/healthz');
}

async function askActivator(engine: Engine, cluster: string, path: string): Promise<string> {
  const container = engine.getContainer(objectName(cluster, 'activator'));
  const ask = ['ask.sh', String(ACTIVATOR_REPORT_PORT), path];
  const { exitCode, output } = await runInContainer(container, ask);
  if (exitCode === 0) return output;
  throw new Error(`the activator does not answer: ${output || `exit code ${exitCode}`}`);
}
