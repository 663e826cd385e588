import { EXIT } from '../../lib/errors.js';
import { changedBy } from '../../registry/add-entry.js';
import { removeEntry } from '../../registry/file/change-entries.js';
import type { Context, SharedOptions } from '../context.js';
import { registryInputs } from './inputs.js';

/** `clusterkit cluster remove NAME…`: removes entries; a missing one is not an error. */
export async function remove(context: Context, _: SharedOptions, names: string[]): Promise<number> {
  const results = [];
  for (const name of names) {
    const inputs = registryInputs(context, `remove ${name}`);
    const entry = await removeEntry(inputs.registry, name, changedBy(inputs));
    results.push({ cluster: name, entry });
    context.report.say(
      entry === 'removed' ? `Cluster ${name} removed.` : `There was no cluster ${name}.`,
    );
  }
  context.report.json(results);
  return EXIT.done;
}
