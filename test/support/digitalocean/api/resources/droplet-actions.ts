import { z } from 'zod';
import { unprocessable } from '../api-error.js';
import { bodyOf } from '../request-body.js';
import { type Route, route } from '../route.js';
import type { Action, Droplet } from '../state.js';
import { type ActionCourse, beginAction, type World } from '../world.js';
import { ownActions } from './actions.js';
import { checkName } from './droplet-request.js';
import { checkUnlocked, existingDroplet } from './droplets.js';
import { actionView } from './views.js';

const request = z.object({ type: z.string(), name: z.string().nullish() });

type Course = Pick<ActionCourse, 'delayMs' | 'work'> & { onSuccess?: () => void };

const nothing = async (): Promise<void> => {};

/** What a type of action does; undefined for a type that is unknown here. */
function courseOf(
  world: World,
  droplet: Droplet,
  type: string,
  name: string | undefined,
): Course | undefined {
  const { runtime, delays } = world;
  const { id, features } = droplet;
  const becomes = (status: Droplet['status']) => () => {
    droplet.status = status;
  };
  const quick = (onSuccess: () => void): Course => ({
    delayMs: delays.otherDropletAction,
    work: nothing,
    onSuccess,
  });
  switch (type) {
    case 'reboot':
      return { delayMs: delays.reboot, work: () => runtime.reboot(id) };
    case 'power_cycle':
      return {
        delayMs: delays.powerCycle,
        work: () => runtime.powerCycle(id),
        onSuccess: becomes('active'),
      };
    case 'shutdown':
    case 'power_off':
      return {
        delayMs: delays.powerOff,
        work: async () => runtime.powerOff?.(id),
        onSuccess: becomes('off'),
      };
    case 'power_on':
      return {
        delayMs: delays.powerOn,
        work: async () => runtime.powerOn?.(id),
        onSuccess: becomes('active'),
      };
    case 'rename':
      checkName(name ?? '');
      return quick(() => {
        droplet.name = name ?? droplet.name;
      });
    case 'enable_backups':
      return quick(() => features.add('backups'));
    case 'disable_backups':
      return quick(() => features.delete('backups'));
    default:
      return undefined;
  }
}

/** Power, names and flags of droplets, by id and by tag. */
export function dropletActionRoutes(world: World): Route[] {
  const own = ownActions(world, 'droplet');
  const start = (droplet: Droplet, body: unknown): Action => {
    const { type, name } = bodyOf(request, body);
    const course = courseOf(world, droplet, type, name ?? undefined);
    if (!course) throw unprocessable('You specified an invalid type for Droplet action.');
    checkUnlocked(droplet);
    if (droplet.status === 'new') throw unprocessable('Droplet is not ready yet.');
    if (type === 'power_on' && droplet.status === 'active') {
      throw unprocessable('Droplet is already powered on.');
    }
    if (type === 'power_off' && droplet.status === 'off') {
      throw unprocessable('Droplet is already powered off.');
    }
    droplet.pending += 1;
    const owner = String(droplet.id);
    const { region } = droplet;
    return beginAction(
      world,
      { type, resourceType: 'droplet', resourceId: droplet.id, owner, region },
      {
        ...course,
        line: `droplet:${owner}`,
        onEnd: () => {
          droplet.pending -= 1;
        },
      },
    );
  };
  return [
    route('POST', '/v2/droplets/actions', 'droplet:update', ({ query, body }) => {
      const tag = query.get('tag_name');
      const droplets = [...world.state.droplets.values()].filter(
        ({ tags }) => tag !== null && tags.has(tag),
      );
      const actions = droplets.map((droplet) => start(droplet, body));
      return { status: 201, body: { actions: actions.map(actionView) } };
    }),
    route('POST', '/v2/droplets/:id/actions', 'droplet:update', ({ params: { id }, body }) => {
      const action = start(existingDroplet(world, id), body);
      return { status: 201, body: { action: actionView(action) } };
    }),
    route('GET', '/v2/droplets/:id/actions', 'droplet:read', (call) => {
      const { id } = existingDroplet(world, call.params.id);
      return own.list(call, `/v2/droplets/${id}/actions`, String(id));
    }),
    route('GET', '/v2/droplets/:id/actions/:action', 'droplet:read', ({ params }) =>
      own.one(String(existingDroplet(world, params.id).id), params.action),
    ),
  ];
}
