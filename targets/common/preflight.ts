import { readClusterSecrets } from '../../cluster/keys/key-store.js';
import { KitError, type Problem } from '../../lib/errors.js';
import { requireWritable } from '../../lib/require-writable.js';
import { assertNoConflict } from '../../registry/file/ownership.js';
import { readRegistry } from '../../registry/file/read-registry.js';
import { registryFiles } from '../../registry/file/registry-files.js';
import type { ClusterContext } from '../context.js';
import { assertSoleClaim, entryOwnerOf } from './owner.js';

/** Asserts that the registry is writable, and that the cluster's name in it is free or its own. */
export async function checkRegistry(context: ClusterContext): Promise<void> {
  const { cluster, registry, keyDirectory } = context;
  const { directory } = await registryFiles(registry);
  await requireWritable(directory, 'The registry');
  const secrets = await readClusterSecrets(keyDirectory);
  const owner = entryOwnerOf(await context.owner());
  assertNoConflict(await readRegistry(registry), cluster, { secrets, owner });
}

/** Asserts that this directory is no copy of another one that has the cluster. */
export async function checkClaim(context: ClusterContext): Promise<void> {
  assertSoleClaim(await context.owner());
}

/** Combines errors to one: the first decides code and exit code. */
export function combine(errors: readonly unknown[]): unknown {
  const kit = errors.filter((error) => error instanceof KitError);
  const first = kit[0];
  if (first === undefined || kit.length < errors.length) {
    return errors.find((error) => !(error instanceof KitError));
  }
  const problems = kit.flatMap((error): readonly Problem[] => error.problems);
  return new KitError(first.code, first.exitCode, problems, { cause: first });
}
