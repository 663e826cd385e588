import { z } from 'zod';
import { notFound, unprocessable } from '../api-error.js';
import { REGIONS } from '../catalog/regions.js';
import { page } from '../page.js';
import { bodyOf } from '../request-body.js';
import { type Call, noContent, type Route, route } from '../route.js';
import type { Action, Droplet, ReservedIp } from '../state.js';
import { beginAction, type World } from '../world.js';
import { ownActions } from './actions.js';
import { dropletView } from './droplet-view.js';
import { checkUnlocked } from './droplets.js';
import {
  addressUrn,
  assignTo,
  defaultProject,
  forgetResource,
  projectOf,
} from './project-resources.js';
import { actionView, regionView } from './views.js';

const PATH = '/v2/reserved_ips';

const creation = z.object({
  region: z.string().nullish(),
  droplet_id: z.number().int().nullish(),
});
const actionRequest = z.object({
  type: z.enum(['assign', 'unassign'], 'must be assign or unassign'),
  droplet_id: z.number().int().nullish(),
});

/** Reserved addresses and their assignment. */
export function reservedIpRoutes(world: World): Route[] {
  const { reservedIps, droplets } = world.state;
  const own = ownActions(world, 'reserved_ip');
  const existing = (ip = ''): ReservedIp => {
    const reserved = reservedIps.get(ip);
    if (!reserved) throw notFound();
    return reserved;
  };
  const view = (reserved: ReservedIp) => {
    const droplet = droplets.get(reserved.dropletId ?? 0);
    return {
      ip: reserved.ip,
      region: regionView(reserved.region),
      droplet: droplet ? dropletView(droplet) : null,
      locked: reserved.pending > 0,
      project_id: projectOf(world, addressUrn(reserved.ip)).id,
    };
  };
  const start = (reserved: ReservedIp, body: unknown): Action => {
    const { type, droplet_id } = bodyOf(actionRequest, body);
    checkFree(reserved);
    if (type === 'assign') return assign(world, reserved, targetOf(world, droplet_id ?? 0));
    return unassign(world, reserved);
  };
  return [
    route('GET', PATH, 'reserved_ip:read', (call) =>
      page(call, PATH, 'reserved_ips', [...reservedIps.values()], view),
    ),
    route('POST', PATH, 'reserved_ip:create', async (call) => {
      const { reserved, droplet } = await reserve(world, call);
      if (!droplet) {
        return { status: 202, body: { reserved_ip: view(reserved), links: {} } };
      }
      const { id } = assign(world, reserved, droplet);
      const links = {
        droplets: [
          { id: droplet.id, rel: 'droplet', href: `${call.origin}/v2/droplets/${droplet.id}` },
        ],
        actions: [{ id, rel: 'assign_ip', href: `${call.origin}/v2/actions/${id}` }],
      };
      return { status: 202, body: { reserved_ip: view(reserved), links } };
    }),
    route('GET', `${PATH}/:ip`, 'reserved_ip:read', ({ params: { ip } }) => ({
      status: 200,
      body: { reserved_ip: view(existing(ip)) },
    })),
    route('DELETE', `${PATH}/:ip`, 'reserved_ip:delete', ({ params: { ip } }) => {
      const reserved = existing(ip);
      checkFree(reserved);
      if (reserved.dropletId !== undefined) {
        throw unprocessable('The reserved IP is assigned to a Droplet.');
      }
      reservedIps.delete(reserved.ip);
      forgetResource(world, addressUrn(reserved.ip));
      return noContent;
    }),
    route('POST', `${PATH}/:ip/actions`, 'reserved_ip:update', ({ params: { ip }, body }) => {
      const reserved = existing(ip);
      const action = start(reserved, body);
      const project_id = projectOf(world, addressUrn(reserved.ip)).id;
      return { status: 201, body: { action: { ...actionView(action), project_id } } };
    }),
    route('GET', `${PATH}/:ip/actions/:action`, 'reserved_ip:read', ({ params }) =>
      own.one(existing(params.ip).ip, params.action),
    ),
  ];
}

async function reserve(world: World, { body }: Call) {
  const { region: wanted, droplet_id } = bodyOf(creation, body);
  const { reservedIps } = world.state;
  const droplet = droplet_id ? targetOf(world, droplet_id) : undefined;
  if (droplet) checkUnlocked(droplet);
  const region = droplet?.region ?? REGIONS.find(({ slug }) => slug === wanted)?.slug;
  if (!region) throw unprocessable('You must specify a valid region or droplet_id');
  const project = defaultProject(world);
  if (reservedIps.size >= world.account.reservedIpLimit) {
    throw unprocessable('reserving this IP will exceed your reserved IP limit');
  }
  const ip = (await world.runtime.reserveAddress?.(region)) ?? documentationAddress(reservedIps);
  const reserved: ReservedIp = {
    ip,
    region,
    dropletId: undefined,
    pending: 0,
  };
  reservedIps.set(ip, reserved);
  assignTo(world, project, addressUrn(ip));
  return { reserved, droplet };
}

function documentationAddress(taken: ReadonlyMap<string, ReservedIp>): string {
  for (let last = 10; ; last++) {
    const ip = `198.51.100.${last}`;
    if (!taken.has(ip)) return ip;
  }
}

function targetOf({ state }: World, id: number): Droplet {
  const droplet = state.droplets.get(id);
  if (!droplet) throw unprocessable('The Droplet could not be found.');
  return droplet;
}

function checkFree({ pending }: ReservedIp): void {
  if (pending > 0) throw unprocessable('The reserved IP already has a pending event.');
}

function assign(world: World, reserved: ReservedIp, droplet: Droplet): Action {
  if (droplet.region !== reserved.region) {
    throw unprocessable('The Droplet must be in the same region as the reserved IP.');
  }
  checkUnlocked(droplet);
  return begin(world, reserved, 'assign_ip', droplet, droplet.id);
}

function unassign(world: World, reserved: ReservedIp): Action {
  const droplet = world.state.droplets.get(reserved.dropletId ?? 0);
  if (!droplet) throw unprocessable('The reserved IP is not assigned to a Droplet.');
  return begin(world, reserved, 'unassign_ip', droplet, undefined);
}

function begin(
  world: World,
  reserved: ReservedIp,
  type: string,
  droplet: Droplet,
  target: number | undefined,
): Action {
  const { ip, region } = reserved;
  reserved.pending += 1;
  droplet.pending += 1;
  return beginAction(
    world,
    { type, resourceType: 'reserved_ip', resourceId: addressNumber(ip), owner: ip, region },
    {
      line: `droplet:${droplet.id}`,
      work: async () => world.runtime.moveAddress?.(ip, target),
      onSuccess: () => {
        reserved.dropletId = target;
        if (target === undefined) return;
        assignTo(world, projectOf(world, `do:droplet:${target}`), addressUrn(ip));
      },
      onEnd: () => {
        reserved.pending -= 1;
        droplet.pending -= 1;
      },
    },
  );
}

/** The resource id of an address is the address as a number. */
const addressNumber = (ip: string): number =>
  ip.split('.').reduce((number, part) => number * 256 + Number(part), 0);
