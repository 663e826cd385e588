import { managedIn, type State } from './state.js';

/**
 * Ids of all objects in a state, including unfinished ones and those that are yet to be removed.
 */
export function idsIn(state: State): ReadonlySet<string> {
  const instances = managedIn(state).flatMap((resource) => resource.instances);
  const ids = instances.map(({ attributes }) => attributes?.id);
  return new Set(ids.filter((id) => typeof id === 'string'));
}
