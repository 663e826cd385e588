import { select } from '@inquirer/prompts';
import { type ListedEntry, listEntries } from '../../registry/list-entries.js';
import type { Context } from '../context.js';
import { registryInputs } from '../registry/inputs.js';
import { textTable } from '../text-table.js';

/**
 * Asks a person for one of the clusters of the registry, and shows the state of each server.
 * @throws ExitPromptError at Ctrl-C
 */
export async function chooseCluster(
  context: Context,
  verb: 'deploy' | 'init' = 'deploy',
): Promise<string> {
  const { clusters } = await listEntries(false, registryInputs(context, verb));
  const lines = textTable(clusters.map(row)).split('\n');
  return select(
    {
      message:
        verb === 'deploy'
          ? 'Which cluster do you want to deploy to?'
          : 'Which cluster is the service for?',
      choices: clusters.map(({ name }, i) => ({
        value: name,
        name: lines[i] ?? name,
        short: name,
      })),
      pageSize: 12,
    },
    { input: context.stdin, output: context.stderr, signal: context.signal },
  );
}

const row = ({ name, host, online, version, auth }: ListedEntry) => [
  name,
  host,
  online === true ? 'online' : 'offline',
  version ?? '-',
  auth === 'open' ? 'OPEN' : auth === 'refused' ? 'key refused' : auth === 'ok' ? 'closed' : '-',
];
