import { environmentError } from '../lib/errors.js';
import { redact, type Secret } from '../lib/secret.js';
import type { AppsHost } from './host.js';
import { type InstanceProps, oneOffOptions } from './instances/instance-options.js';
import { runOnce } from './instances/run-once.js';

const LINES = 30;

/**
 * Runs the release command of an application in a container of its own.
 * @throws KitError `app-release-failed` (exit 3) with the end of its output
 */
export async function runReleaseCommand(
  { engine, context, limits }: AppsHost,
  props: InstanceProps,
  command: readonly string[],
  secrets: readonly Secret[],
): Promise<void> {
  const bounds = { lines: LINES, limitMs: limits.releaseMs, signal: context.signal };
  const { exitCode, killedForMemory, output } = await runOnce(
    engine,
    oneOffOptions(props, command),
    bounds,
  );
  if (exitCode === 0) return;
  const memory = killedForMemory ? ', killed because it needs more memory' : '';
  const how =
    exitCode === undefined
      ? `has not ended within ${limits.releaseMs / 1000} s`
      : `failed (exit code ${exitCode}${memory})`;
  throw environmentError('app-release-failed', {
    path: `clusters.${props.marks.cluster}.apps.${props.app.name}.release`,
    message: `${how}\n${redact(output, secrets)}`,
    hint: 'The release before goes on. Mend the command, then deploy again.',
  });
}
