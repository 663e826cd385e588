import { conflict, notFound } from '../api-error.js';
import { page } from '../page.js';
import { noContent, type Route, route } from '../route.js';
import type { Firewall } from '../state.js';
import { timestamp, type World } from '../world.js';
import { firewallRequest } from './firewall-request.js';
import { applyRules, dropletsOf } from './firewall-rules.js';
import { firewallView } from './firewall-view.js';

const PATH = '/v2/firewalls';

/** Firewalls, and what they hold for. */
export function firewallRoutes(world: World): Route[] {
  const { firewalls } = world.state;
  const existing = (id = ''): Firewall => {
    const firewall = firewalls.get(id);
    if (!firewall) throw notFound();
    return firewall;
  };
  const checkFree = (name: string, own?: Firewall) => {
    const taken = [...firewalls.values()].some((one) => one !== own && one.name === name);
    if (taken) throw conflict('duplicate name');
  };
  return [
    route('GET', PATH, 'firewall:read', (call) =>
      page(call, PATH, 'firewalls', [...firewalls.values()], firewallView),
    ),
    route('POST', PATH, 'firewall:create', ({ body }) => {
      const request = firewallRequest(world, body);
      checkFree(request.name);
      const firewall: Firewall = {
        ...request,
        id: world.ids.uuid(),
        createdAt: timestamp(world),
        status: 'waiting',
        pending: [],
      };
      firewalls.set(firewall.id, firewall);
      applyRules(world, firewall, dropletsOf(world, firewall), false);
      return { status: 202, body: { firewall: firewallView(firewall) } };
    }),
    route('GET', `${PATH}/:id`, 'firewall:read', ({ params: { id } }) => ({
      status: 200,
      body: { firewall: firewallView(existing(id)) },
    })),
    route('PUT', `${PATH}/:id`, 'firewall:update', ({ params: { id }, body }) => {
      const firewall = existing(id);
      const request = firewallRequest(world, body);
      checkFree(request.name, firewall);
      const before = dropletsOf(world, firewall);
      Object.assign(firewall, request);
      const after = dropletsOf(world, firewall);
      const left = before.filter((droplet) => !after.includes(droplet));
      applyRules(world, firewall, left, true);
      applyRules(world, firewall, after, false);
      return { status: 200, body: { firewall: firewallView(firewall) } };
    }),
    route('DELETE', `${PATH}/:id`, 'firewall:delete', ({ params: { id } }) => {
      const firewall = existing(id);
      const droplets = dropletsOf(world, firewall);
      firewalls.delete(firewall.id);
      applyRules(world, undefined, droplets, true);
      return noContent;
    }),
    // No stack names droplets: who may change a firewall is found out with an id that nothing has.
    route('POST', `${PATH}/:id/droplets`, 'firewall:update', () => {
      throw notFound();
    }),
  ];
}
