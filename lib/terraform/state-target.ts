import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { usageError } from '../errors.js';

const state = z.object({ resources: z.array(z.object({ type: z.string() })) });

/** Resource types of each target begin so. */
const PREFIXES = { docker: 'docker_', digitalocean: 'digitalocean_' } as const;

/** Where a cluster can run; see `clusters.<name>.target`. */
export type Target = keyof typeof PREFIXES;

/** Where the cluster of a state file runs; `undefined` when nothing in it tells. */
export async function targetInState(path: string): Promise<Target | undefined> {
  try {
    const { resources } = state.parse(JSON.parse(await readFile(path, 'utf8')));
    const targets = Object.keys(PREFIXES) as Target[];
    return targets.find((target) =>
      resources.some(({ type }) => type.startsWith(PREFIXES[target])),
    );
  } catch {
    return undefined;
  }
}

/**
 * What runs was made on the target that the settings name: else an apply would remove it, data and
 * all, and begin anew elsewhere.
 *
 * @param path of the state file
 * @throws KitError `target-changed` (exit 2)
 */
export async function assertSameTarget(
  { name, target }: { readonly name: string; readonly target: Target },
  path: string,
): Promise<void> {
  const found = await targetInState(path);
  if (found === undefined || found === target) return;
  throw usageError('target-changed', {
    path: `clusters.${name}.target`,
    message: `is ${target}, and the cluster that runs was made with ${found}`,
    hint: `Bring the target back; or take that one down first, which drops its data: clusterkit down ${name}.`,
  });
}
