import { printableLine } from '../../lib/printable.js';
import type { AddResult } from '../../registry/add-entry.js';
import { registryPath } from '../../registry/file/registry-path.js';
import type { ListContext } from '../../registry/list-entries.js';
import { type ResolvedEntry, resolveEntry } from '../../registry/resolve-entry.js';
import type { Context } from '../context.js';

/** What the verbs of the registry need from the context. */
export function registryInputs(context: Context, verb: string): ListContext {
  const { env, home, platform, cwd, registryFlag, now, signal, report } = context;
  return {
    registry: registryPath({ flag: registryFlag, env, home, platform, cwd }),
    now,
    signal,
    env,
    onWait: report.warn,
    command: `clusterkit cluster ${verb}`,
  };
}

/**
 * One entry of the registry, with its secret ready for signing.
 *
 * @throws KitError `cluster-unknown`, `secret-missing`, `key-invalid`, `variable-unset` (exit 2)
 */
export const entryOf = (context: Context, verb: string, name: string): Promise<ResolvedEntry> =>
  resolveEntry(registryInputs(context, verb).registry, name, context.env);

/** The result of `add` and `import`, for people. */
export function addedText({ cluster, entry, host, verified, version }: AddResult): string {
  const how = verified ? `verified with server ${version}` : 'not verified';
  return printableLine(`Cluster ${cluster} ${entry} (${host}, ${how}).`);
}
