import { notFound, unprocessable } from '../api-error.js';
import { page } from '../page.js';
import { type Call, noContent, type Route, route } from '../route.js';
import type { Action, Droplet } from '../state.js';
import type { World } from '../world.js';
import { backupPolicyView } from './backup-policy.js';
import { createDroplet, destroyDroplet } from './droplet-life.js';
import { dropletRequest } from './droplet-request.js';
import { dropletView } from './droplet-view.js';

const PATH = '/v2/droplets';

/** The droplet of that id, or 404. */
export function existingDroplet({ state }: World, id: string | number = ''): Droplet {
  const droplet = state.droplets.get(Number(id));
  if (!droplet) throw notFound();
  return droplet;
}

/** Throws 422 while an action is under way. */
export function checkUnlocked(droplet: Droplet): void {
  if (droplet.pending > 0 || droplet.isSettling || droplet.isBeingDeleted) {
    throw unprocessable('Droplet already has a pending event.');
  }
}

/** Droplets: make, look at, remove. Their actions are in droplet-actions.ts. */
export function dropletRoutes(world: World): Route[] {
  const link = (call: Call, { id }: Action) => ({
    id,
    rel: 'create',
    href: `${call.origin}/v2/actions/${id}`,
  });
  return [
    route('GET', PATH, 'droplet:read', (call) =>
      page(call, PATH, 'droplets', [...world.state.droplets.values()], dropletView),
    ),
    route('POST', PATH, 'droplet:create', (call) => {
      const request = dropletRequest(world, call);
      const { droplet, action } = createDroplet(world, request, call.activation);
      const body = { droplet: dropletView(droplet), links: { actions: [link(call, action)] } };
      return { status: 202, body };
    }),
    route('GET', `${PATH}/:id`, 'droplet:read', ({ params: { id } }) => ({
      status: 200,
      body: { droplet: dropletView(existingDroplet(world, id)) },
    })),
    route('DELETE', `${PATH}/:id`, 'droplet:delete', async ({ params: { id } }) => {
      const droplet = existingDroplet(world, id);
      checkUnlocked(droplet);
      await destroyDroplet(world, droplet);
      return noContent;
    }),
    route('GET', `${PATH}/:id/backups/policy`, 'droplet:read', ({ params: { id } }) => ({
      status: 200,
      body: { policy: backupPolicyView(existingDroplet(world, id)) },
    })),
  ];
}
