import { unprocessable } from '../api-error.js';
import { bodyOf } from '../request-body.js';
import { type Route, route } from '../route.js';
import type { Action, Droplet } from '../state.js';
import { beginAction, type World } from '../world.js';
import { ownActions } from './actions.js';
import { checkPower, courseOf, dropletActionBody } from './droplet-courses.js';
import { checkUnlocked, existingDroplet } from './droplets.js';
import { actionView } from './views.js';

/** Power, names and flags of droplets. */
export function dropletActionRoutes(world: World): Route[] {
  const start = (droplet: Droplet, body: unknown): Action => {
    const request = bodyOf(dropletActionBody, body);
    const course = courseOf(world, droplet, request);
    if (!course) throw unprocessable('You specified an invalid type for Droplet action.');
    checkUnlocked(droplet);
    checkPower(droplet, request.type);
    const { type } = request;
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
  const own = ownActions(world, 'droplet');
  return [
    // Attachments and assignments are not among them.
    route('GET', '/v2/droplets/:id/actions', 'droplet:read', (call) => {
      const id = String(existingDroplet(world, call.params.id).id);
      return own.list(call, `/v2/droplets/${id}/actions`, id);
    }),
    route('POST', '/v2/droplets/:id/actions', 'droplet:update', ({ params: { id }, body }) => {
      const action = start(existingDroplet(world, id), body);
      return { status: 201, body: { action: actionView(action) } };
    }),
  ];
}
