import type { FirewallRule, FirewallRules } from '../droplet-runtime.js';
import type { Droplet, Firewall, StoredRule } from '../state.js';
import type { World } from '../world.js';

/** The firewalls that hold for a droplet: by one of its tags. */
export const firewallsOf = ({ state }: World, droplet: Droplet): Firewall[] =>
  [...state.firewalls.values()].filter((firewall) => holdsFor(firewall, droplet));

/** The droplets that a firewall holds for. */
export const dropletsOf = ({ state }: World, firewall: Firewall): Droplet[] =>
  [...state.droplets.values()].filter((droplet) => holdsFor(firewall, droplet));

const holdsFor = (firewall: Firewall, droplet: Droplet): boolean =>
  [...firewall.tags].some((tag) => droplet.tags.has(tag));

/** All rules of a droplet as its host enforces them; undefined when it has no firewall. */
export function rulesFor(world: World, droplet: Droplet): FirewallRules | undefined {
  const firewalls = firewallsOf(world, droplet);
  if (firewalls.length === 0) return undefined;
  return {
    inbound: firewalls.flatMap(({ inbound }) => inbound.map(resolved)),
    outbound: firewalls.flatMap(({ outbound }) => outbound.map(resolved)),
  };
}

function resolved({ protocol, ports, addresses }: StoredRule): FirewallRule {
  const [first = 0, last = first] = ports.split('-').map(Number);
  return {
    protocol,
    ports: first === 0 ? { first: 0, last: 65_535 } : { first, last },
    addresses,
  };
}

/**
 * Has the firewalls' hosts catch up: `waiting` with pending changes, then `succeeded` when the
 * runtime has applied the rules. `removing` says what becomes of the droplet.
 */
export function applyRules(
  world: World,
  firewall: Firewall | undefined,
  droplets: readonly Droplet[],
  removing: boolean,
): void {
  for (const droplet of droplets) {
    if (droplet.isBeingDeleted) continue;
    const change = { dropletId: droplet.id, removing };
    if (firewall) {
      firewall.status = 'waiting';
      firewall.pending.push(change);
    }
    const work = async () => {
      // Its line has made sure that a droplet without an address is one that never came up.
      if (droplet.ipv4 === undefined || droplet.isBeingDeleted) return;
      await world.runtime.applyFirewall(droplet.id, rulesFor(world, droplet));
    };
    const finish = (error: Error | undefined) => {
      if (error) world.runtimeErrors.push(error);
      if (!firewall) return;
      firewall.pending = firewall.pending.filter((one) => one !== change);
      if (error) firewall.status = 'failed';
      else if (firewall.pending.length === 0) firewall.status = 'succeeded';
    };
    world.schedule.begin({ dueAt: world.now(), work, finish }, `droplet:${droplet.id}`);
  }
  if (firewall && firewall.pending.length === 0) firewall.status = 'succeeded';
}
