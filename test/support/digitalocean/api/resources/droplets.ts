import { notFound, unprocessable } from '../api-error.js';
import { page } from '../page.js';
import { type Call, noContent, type Route, route } from '../route.js';
import type { Action, Droplet } from '../state.js';
import type { World } from '../world.js';
import { backupPolicyView } from './backup-policy.js';
import { createDroplet, destroyDroplet } from './droplet-life.js';
import { dropletRequest } from './droplet-request.js';
import { dropletView } from './droplet-view.js';
import { firewallsOf } from './firewall-rules.js';
import { firewallView } from './firewall-view.js';

const PATH = '/v2/droplets';

/** The droplet of that id, or 404. */
export function existingDroplet({ state }: World, id: string | number = ''): Droplet {
  const droplet = state.droplets.get(Number(id));
  if (!droplet) throw notFound();
  return droplet;
}

/** Throws 422 while an action is under way. */
export function checkUnlocked(droplet: Droplet): void {
  if (droplet.pending > 0 || droplet.isBeingDeleted) {
    throw unprocessable('Droplet already has a pending event.');
  }
}

/** Droplets: make, look at, remove. Their actions are in droplet-actions.ts. */
export function dropletRoutes(world: World): Route[] {
  const all = () => [...world.state.droplets.values()];
  const link = (call: Call, { id }: Action) => ({
    id,
    rel: 'create',
    href: `${call.origin}/v2/actions/${id}`,
  });
  return [
    route('GET', PATH, 'droplet:read', (call) =>
      page(call, PATH, 'droplets', filtered(all(), call), dropletView),
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
    route('GET', `${PATH}/:id/firewalls`, 'firewall:read', (call) => {
      const droplet = existingDroplet(world, call.params.id);
      const path = `${PATH}/${droplet.id}/firewalls`;
      return page(call, path, 'firewalls', firewallsOf(world, droplet), firewallView);
    }),
  ];
}

function filtered(droplets: readonly Droplet[], { query }: Call): Droplet[] {
  const tag = query.get('tag_name');
  const name = query.get('name')?.toLowerCase();
  if (tag !== null && name !== undefined) {
    throw unprocessable('tag_name and name can not be combined');
  }
  if (query.get('type') === 'gpus') return [];
  return droplets.filter(
    (droplet) =>
      (tag === null || droplet.tags.has(tag)) &&
      (name === undefined || droplet.name.toLowerCase() === name),
  );
}
