import { notFound } from '../api-error.js';
import { page } from '../page.js';
import { type Call, type Route, route } from '../route.js';
import type { Action } from '../state.js';
import type { World } from '../world.js';
import { actionView } from './views.js';

/** One of the actions of a resource: for the resource's own paths. */
export function ownActions(world: World, resourceType: Action['resourceType']) {
  const all = (owner: string) =>
    [...world.state.actions.values()]
      .filter((action) => action.resourceType === resourceType && action.owner === owner)
      .reverse();
  return {
    list: (call: Call, path: string, owner: string) =>
      page(call, path, 'actions', all(owner), actionView),
    one: (owner: string, id = '') => {
      const action = all(owner).find((one) => String(one.id) === id);
      if (!action) throw notFound();
      return { status: 200, body: { action: actionView(action) } };
    },
  };
}

/** An action of the account. */
export function actionRoutes({ state }: World): Route[] {
  return [
    route('GET', '/v2/actions/:id', 'actions:read', ({ params: { id = '' } }) => {
      const action = state.actions.get(Number(id));
      if (!action) throw notFound();
      return { status: 200, body: { action: actionView(action) } };
    }),
  ];
}
