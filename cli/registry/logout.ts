import { EXIT, usageError } from '../../lib/errors.js';
import { ownerOf } from '../../registry/add-entry.js';
import { removeCloudSession } from '../../registry/file/remove-cloud-session.js';
import type { Context } from '../context.js';
import { registryWorld } from './world.js';

/** `clusterkit logout`: takes `cloudSessionKey` out of the registry, and nothing else. */
export async function logout(context: Context): Promise<number> {
  const world = { ...registryWorld(context, 'logout'), command: 'clusterkit logout' };
  const options = { now: world.now, owner: ownerOf(world) };
  const session = await removeCloudSession(world.registry, options);
  context.report.json({ registry: world.registry, cloudSession: session });
  context.report.say(
    session === 'removed'
      ? 'The session of the hosted cloud is removed; the clusters stay.'
      : 'There was no session of the hosted cloud.',
  );
  return EXIT.done;
}

/** `clusterkit login`: says what became of it. */
export async function login(): Promise<number> {
  throw usageError('cloud-gone', {
    message: 'there is nothing to log in to: the hosted Prisma cloud is gone',
    hint: 'Bring up a cluster of your own (clusterkit up), or add one: clusterkit cluster add NAME --host URL --key-file FILE.',
  });
}
