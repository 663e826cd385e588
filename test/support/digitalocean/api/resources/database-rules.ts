import type { Database } from '../state.js';
import type { World } from '../world.js';

/** The addresses that may connect; `undefined`: no source is named, everybody may. */
export function sourcesOf({ state }: World, { rules }: Database): readonly string[] | undefined {
  if (rules.length === 0) return undefined;
  return rules.flatMap(({ type, value }) => {
    if (type === 'ip_addr') return [value];
    return [...state.droplets.values()]
      .filter(({ tags }) => tags.has(value))
      .flatMap(({ ipv4 }) => (ipv4 ? [ipv4] : []));
  });
}

/** Has databases catch up after their sources, or droplets that these name, have changed. */
export function refreshDatabases(world: World): void {
  for (const database of world.state.databases.values()) {
    const work = async () => {
      if (database.address === undefined || database.isBeingDeleted) return;
      const sources = sourcesOf(world, database);
      const words = JSON.stringify(sources ?? 'everybody');
      if (words === database.inForce) return;
      await world.databases.trust(database.id, sources);
      database.inForce = words;
    };
    const finish = (error: Error | undefined) => {
      if (error) world.runtimeErrors.push(error);
    };
    world.schedule.begin({ dueAt: world.now(), work, finish }, `database:${database.id}`);
  }
}

/** A source goes with what it names; without any source left everybody may connect. */
export function dropSources(world: World, tag: string): void {
  for (const database of world.state.databases.values()) {
    database.rules = database.rules.filter(({ type, value }) => type !== 'tag' || value !== tag);
  }
  refreshDatabases(world);
}
