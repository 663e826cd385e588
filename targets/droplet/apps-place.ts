import type { ClusterContext } from '../context.js';
import type { AppsPlace } from '../target.js';
import { readKnownHosts } from './keys/known-hosts.js';
import { managedLogin } from './keys/managed-login.js';
import { ON_DROPLET } from './machine/places.js';
import type { DropletSettings } from './settings.js';

/** Applications run on the droplet; its firewall decides who reaches them. */
export async function appsPlace(
  {
    name,
    database,
    images: { apps: transport },
  }: Pick<DropletSettings, 'name' | 'database' | 'images'>,
  { keyDirectory }: Pick<ClusterContext, 'keyDirectory'>,
): Promise<AppsPlace> {
  const known = await readKnownHosts(keyDirectory);
  const managed = database.managed && (await managedLogin({ cluster: name, keyDirectory }));
  return {
    publishIp: '0.0.0.0',
    address: known?.host ?? null,
    engineSocket: ON_DROPLET.engineSocket,
    engine: 'away',
    ...(managed && { database: { user: managed.user, database: managed.database } }),
    ...(transport && { transport }),
  };
}
