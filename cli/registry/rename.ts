import { EXIT } from '../../lib/errors.js';
import { changedBy, checkName } from '../../registry/add-entry.js';
import { renameEntry } from '../../registry/file/change-entries.js';
import { readRegistry } from '../../registry/file/read-registry.js';
import { findEntry } from '../../registry/resolve-entry.js';
import type { Context, SharedOptions } from '../context.js';
import { registryInputs } from './inputs.js';

/** `clusterkit cluster rename A B`: renames an entry. */
export async function rename(
  context: Context,
  _: SharedOptions,
  from: string,
  to: string,
): Promise<number> {
  const inputs = registryInputs(context, `rename ${from} ${to}`);
  checkName(to);
  findEntry(await readRegistry(inputs.registry), from);
  await renameEntry(inputs.registry, from, to, changedBy(inputs));
  context.report.json({ from, to });
  context.report.say(
    `Cluster ${from} is now ${to}. Services name it in their prisma.yml: cluster: ${to}`,
  );
  return EXIT.done;
}
