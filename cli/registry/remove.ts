import { EXIT } from '../../lib/errors.js';
import { ownerOf } from '../../registry/add-entry.js';
import { removeEntry } from '../../registry/file/remove-entry.js';
import type { Context, SharedOptions } from '../context.js';
import { registryInputs } from './inputs.js';

/** `clusterkit cluster remove NAME…`: removes entries; a missing one is not an error. */
export async function remove(context: Context, _: SharedOptions, names: string[]): Promise<number> {
  const results = [];
  for (const name of names) {
    const inputs = registryInputs(context, `remove ${name}`);
    const options = { now: inputs.now, owner: ownerOf(inputs) };
    const entry = await removeEntry(inputs.registry, name, options);
    results.push({ cluster: name, entry });
    context.report.say(
      entry === 'removed' ? `Cluster ${name} removed.` : `There was no cluster ${name}.`,
    );
  }
  context.report.json(results);
  return EXIT.done;
}
