import type { State } from './state.js';

/** Something on the account, by its URN-like id and the name that a human knows it by. */
export interface LeftOver {
  readonly type:
    | 'ssh_key'
    | 'droplet'
    | 'volume'
    | 'database'
    | 'firewall'
    | 'reserved_ip'
    | 'project'
    | 'tag'
    | 'vpc';
  readonly id: string;
  readonly name: string;
}

/** Everything but the default project and the default networks, which no account is without. */
export function leftOvers(state: State): LeftOver[] {
  const list = <T>(
    type: LeftOver['type'],
    items: Iterable<T>,
    what: (item: T) => { id: string | number; name: string },
  ): LeftOver[] =>
    [...items].map((item) => {
      const { id, name } = what(item);
      return { type, id: String(id), name };
    });
  return [
    ...list('ssh_key', state.keys.values(), (key) => key),
    ...list('droplet', state.droplets.values(), (droplet) => droplet),
    ...list('volume', state.volumes.values(), (volume) => volume),
    ...list('database', state.databases.values(), (database) => database),
    ...list('firewall', state.firewalls.values(), (firewall) => firewall),
    ...list('reserved_ip', state.reservedIps.values(), ({ ip }) => ({ id: ip, name: ip })),
    ...list(
      'project',
      [...state.projects.values()].filter(({ isDefault }) => !isDefault),
      (project) => project,
    ),
    ...list('tag', state.tags, (tag) => ({ id: tag, name: tag })),
    ...list(
      'vpc',
      [...state.vpcs.values()].filter(({ isDefault }) => !isDefault),
      (vpc) => vpc,
    ),
  ];
}
