import { EXIT } from '../../lib/errors.js';
import { type ListedEntry, listEntries } from '../../registry/list-entries.js';
import type { Context, SharedOptions } from '../context.js';
import { textTable } from '../text-table.js';
import { registryInputs } from './inputs.js';

/** `clusterkit cluster list [--offline]`, and its short form `clusterkit list`. */
export async function list(
  context: Context,
  options: SharedOptions & { offline?: boolean; names?: boolean },
): Promise<number> {
  const listing = await listEntries(options.offline === true, registryInputs(context, 'list'));
  const { report } = context;
  report.json(listing);
  if (listing.clusters.length === 0) report.say(`No clusters in ${listing.registry}.`);
  else report.say(textTable([HEAD, ...listing.clusters.map(row)]));
  if (listing.cloudSession) {
    report.say(
      `The registry has a session of the former Prisma Cloud (cloudSessionKey). ${context.call} logout removes it.`,
    );
  }
  return EXIT.done;
}

const HEAD = ['name', 'host', 'online', 'version', 'auth', 'latency', 'origin'];

/** A server that is slow may be well: it is not called offline. */
const whyOffline = (message: string) => (message.startsWith('no answer within') ? message : 'no');

const row = (entry: ListedEntry) => {
  const { online, version, generation, auth, latencyMs, refusal, message = '' } = entry;
  return [
    entry.name,
    entry.host,
    online === null ? '-' : online ? 'yes' : (refusal?.code ?? whyOffline(message)),
    version === null ? '-' : `${version} (${generation ?? 'unknown'})`,
    auth === 'open' ? 'OPEN' : auth === 'unknown' ? '-' : auth,
    latencyMs === null ? '-' : `${latencyMs} ms`,
    entry.origin,
  ];
};
