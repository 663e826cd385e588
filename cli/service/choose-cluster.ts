import { type ListedEntry, listEntries } from '../../registry/list-entries.js';
import { askChoice } from '../ask.js';
import type { Context } from '../context.js';
import { registryInputs } from '../registry/inputs.js';
import { textTable } from '../text-table.js';

/**
 * Asks a person for one of the clusters of the registry, and shows the state of each server.
 * @throws NoAnswer
 */
export async function chooseCluster(
  context: Context,
  verb: 'deploy' | 'init' = 'deploy',
): Promise<string> {
  const { clusters } = await listEntries(false, registryInputs(context, verb));
  const lines = textTable(clusters.map(row)).split('\n');
  return askChoice(
    context,
    verb === 'deploy'
      ? 'Which cluster do you want to deploy to?'
      : 'Which cluster is the service for?',
    clusters.map(({ name }, i) => ({ value: name, label: lines[i] ?? name })),
  );
}

const row = ({ name, host, online, version, auth }: ListedEntry) => [
  name,
  host,
  online === true ? 'online' : 'offline',
  version ?? '-',
  auth === 'open' ? 'OPEN' : auth === 'refused' ? 'key refused' : auth === 'ok' ? 'closed' : '-',
];
