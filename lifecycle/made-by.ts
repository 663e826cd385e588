import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandContext } from '../cluster/context.js';
import { keyDirectory } from '../cluster/keys/key-directory.js';
import { workingDirectory } from '../cluster/project.js';
import { CLUSTER_NAME } from '../cluster/settings/settings.js';
import type { MachinePlace } from '../targets/machine.js';
import type { Target } from '../targets/target.js';

/**
 * The target on which an `up` created a cluster, found by its local files: secrets, or a stack to destroy.
 * `undefined` when there are none.
 */
export async function madeBy(
  { project, cluster }: Pick<CommandContext, 'project' | 'cluster'>,
  targets: readonly Target[],
): Promise<Target | undefined> {
  // The name becomes part of paths that are removed, so it must be valid.
  if (!CLUSTER_NAME.test(cluster)) return undefined;
  const keys = keyDirectory(project.stateDir, cluster);
  const maker = await madeKeys({ keyDirectory: keys }, targets);
  if (maker !== undefined) return maker;
  const file = join(workingDirectory(project, cluster), 'cdk.tf.json');
  const stack = await readFile(file, 'utf8').catch(() => undefined);
  const named = targets.find(({ provider }) => stack?.includes(provider));
  if (named !== undefined) return named;
  const isMade = stack !== undefined || (await exists(keys));
  return isMade ? targets.find(({ hasMade }) => hasMade === undefined) : undefined;
}

/** The target whose keys a key store has; `undefined` where its keys are those of every target. */
export async function madeKeys(
  place: MachinePlace,
  targets: readonly Target[],
): Promise<Target | undefined> {
  for (const target of targets) {
    if (await target.hasMade?.(place)) return target;
  }
  return undefined;
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
