import { EXIT, usageError } from '../../lib/errors.js';
import { changedBy } from '../../registry/add-entry.js';
import { removeCloudSession } from '../../registry/file/change-entries.js';
import type { Context } from '../context.js';
import { registryInputs } from './inputs.js';

/** `clusterkit logout`: removes `cloudSessionKey` from the registry, and nothing else. */
export async function logout(context: Context): Promise<number> {
  const inputs = { ...registryInputs(context, 'logout'), command: 'clusterkit logout' };
  const session = await removeCloudSession(inputs.registry, changedBy(inputs));
  context.report.json({ registry: inputs.registry, cloudSession: session });
  context.report.say(
    session === 'removed'
      ? 'The session of the former Prisma Cloud is removed; the clusters stay.'
      : 'There was no session of the former Prisma Cloud.',
  );
  return EXIT.done;
}

/** `clusterkit login`: explains that there is nothing to log in to. */
export async function login(): Promise<number> {
  throw usageError('cloud-gone', {
    message: 'there is nothing to log in to: the Prisma Cloud does not exist any more',
    hint: 'Create a cluster (clusterkit up), or add one: clusterkit cluster add NAME --host URL --key-file FILE.',
  });
}
