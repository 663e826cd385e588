import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { AbortError } from 'p-retry';
import type { Engine } from '../../clients/docker/connect.js';
import { logTail } from '../../clients/docker/container-log.js';
import { putFile } from '../../clients/docker/put-file.js';
import { runInContainer } from '../../clients/docker/run-in-container.js';
import { sendSignal } from '../../clients/docker/send-signal.js';
import {
  FUNCTIONS_FILE,
  type FunctionsDocument,
  functionsDigest,
  functionsText,
} from '../../cluster/functions/functions-document.js';
import type { FunctionsReport } from '../../cluster/functions/functions-report.js';
import { APPS_DIRECTORY, objectName } from '../../cluster/names.js';
import { environmentError } from '../../lib/errors.js';
import { retryUntil } from '../../lib/retry-until.js';
import { functionStates } from './function-states.js';

const APPLIED_MS = 30_000;

/**
 * Puts functions in force: writes the activator's file in one step, has it read, and waits until it is in force.
 * From then on no request goes to an instance that the file does not name. Can be interrupted and repeated.
 *
 * @returns how the functions are then
 * @throws KitError `functions-not-applied` (exit 3)
 */
export async function applyFunctions(
  engine: Engine,
  cluster: string,
  functions: FunctionsDocument,
): Promise<FunctionsReport> {
  const container = engine.getContainer(objectName(cluster, 'activator'));
  const text = functionsText(functions);
  const digest = functionsDigest(text);
  try {
    await replaceFile(container, text);
    return await retryUntil(
      async () => {
        // Again each time: an activator that has just started may have missed the first one.
        await sendSignal(container, 'HUP');
        const report = await functionStates(engine, cluster);
        if (report.digest === digest) return report;
        const { rejected } = report;
        if (rejected?.digest === digest) throw new AbortError(rejected.reason);
        throw new Error('the activator has not read them yet');
      },
      { timeoutMs: APPLIED_MS },
    );
  } catch (cause) {
    throw environmentError('functions-not-applied', {
      path: container.id,
      message: `the functions are not in force: ${(cause as Error).message}\n${await logTail(container, 10)}`,
      hint: 'Those from before still serve. Run the command again.',
      cause,
    });
  }
}

/** Under a temporary name first: whoever reads the file finds the old one or the new one. */
async function replaceFile(container: Docker.Container, text: string): Promise<void> {
  const draft = `.${FUNCTIONS_FILE}.${randomBytes(4).toString('hex')}`;
  await putFile(container, APPS_DIRECTORY, draft, text);
  // Drafts of interrupted runs go, too.
  const script = `cd ${APPS_DIRECTORY} && mv -f ${draft} ${FUNCTIONS_FILE} && rm -f .${FUNCTIONS_FILE}.*`;
  const { exitCode, output } = await runInContainer(container, ['sh', '-c', script]);
  if (exitCode !== 0) throw new Error(`the file cannot be written: ${output}`);
}
