import type { Route } from '../route.js';
import type { World } from '../world.js';
import { accountRoutes } from './account.js';
import { actionRoutes } from './actions.js';
import { catalogRoutes } from './catalog.js';
import { databaseRoutes } from './databases.js';
import { dropletActionRoutes } from './droplet-actions.js';
import { dropletRoutes } from './droplets.js';
import { firewallRoutes } from './firewalls.js';
import { projectRoutes } from './projects.js';
import { reservedIpRoutes } from './reserved-ips.js';
import { snapshotRoutes } from './snapshots.js';
import { sshKeyRoutes } from './ssh-keys.js';
import { tagRoutes } from './tags.js';
import { volumeActionRoutes } from './volume-actions.js';
import { volumeRoutes } from './volumes.js';
import { vpcRoutes } from './vpcs.js';

/** Every resource of the account. */
export const resourceRoutes = (world: World): Route[] => [
  ...accountRoutes(world),
  ...catalogRoutes(),
  ...sshKeyRoutes(world),
  ...dropletActionRoutes(world),
  ...dropletRoutes(world),
  ...volumeActionRoutes(world),
  ...volumeRoutes(world),
  ...databaseRoutes(world),
  ...firewallRoutes(world),
  ...reservedIpRoutes(world),
  ...projectRoutes(world),
  ...tagRoutes(world),
  ...vpcRoutes(world),
  ...snapshotRoutes(world),
  ...actionRoutes(world),
];
