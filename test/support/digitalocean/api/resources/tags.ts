import { z } from 'zod';
import { notFound, unprocessable } from '../api-error.js';
import { page } from '../page.js';
import { bodyOf } from '../request-body.js';
import { type Call, noContent, type Route, route } from '../route.js';
import type { State } from '../state.js';
import type { World } from '../world.js';
import { dropSources, refreshDatabases } from './database-rules.js';
import { applyRules, firewallsOf } from './firewall-rules.js';
import { tagName } from './tag-names.js';

const PATH = '/v2/tags';

const assignment = z.object({
  resources: z.array(
    z.object({
      resource_id: z.union([z.string(), z.number()]).transform(String),
      resource_type: z.enum(
        ['droplet', 'volume', 'database'],
        'must be droplet, volume or database',
      ),
    }),
  ),
});

/** Tags, and what carries them. A tag stays when its last resource is gone. */
export function tagRoutes(world: World): Route[] {
  const { tags, droplets, volumes, databases, firewalls } = world.state;
  const existing = (name = ''): string => {
    if (!tags.has(name)) throw notFound();
    return name;
  };
  const view = (name: string) => tagView(world.state, name);
  const change = (call: Call, apply: (own: Set<string>, tag: string) => void) => {
    const tag = existing(call.params.name);
    const found = bodyOf(assignment, call.body).resources.map(({ resource_type, resource_id }) => {
      const resource = {
        droplet: () => droplets.get(Number(resource_id)),
        volume: () => volumes.get(resource_id),
        database: () => databases.get(resource_id),
      }[resource_type]();
      if (!resource) throw notFound();
      return resource;
    });
    for (const resource of found) {
      const before = 'privateIpv4' in resource ? firewallsOf(world, resource) : [];
      apply(resource.tags, tag);
      if (!('privateIpv4' in resource)) continue;
      const after = firewallsOf(world, resource);
      for (const firewall of new Set([...before, ...after])) {
        if (before.includes(firewall) !== after.includes(firewall)) {
          applyRules(world, firewall, [resource], before.includes(firewall));
        }
      }
    }
    refreshDatabases(world);
    return noContent;
  };
  return [
    route('GET', PATH, 'tag:read', (call) => page(call, PATH, 'tags', [...tags], view)),
    route('POST', PATH, 'tag:create', (call) => {
      const name = String((call.body as { name?: unknown }).name ?? '');
      if (!tagName.safeParse(name).success) return invalidName(name);
      tags.add(name);
      return { status: 201, body: { tag: view(name) } };
    }),
    route('GET', `${PATH}/:name`, 'tag:read', (call) => ({
      status: 200,
      body: { tag: view(existing(call.params.name)) },
    })),
    route('DELETE', `${PATH}/:name`, 'tag:delete', ({ params: { name } }) => {
      const tag = existing(name);
      const isUsed = [...firewalls.values()].some((firewall) => firewall.tags.has(tag));
      if (isUsed) throw unprocessable('tag is in use by a firewall');
      tags.delete(tag);
      for (const resource of [...droplets.values(), ...volumes.values(), ...databases.values()]) {
        resource.tags.delete(tag);
      }
      dropSources(world, tag);
      return noContent;
    }),
    route('POST', `${PATH}/:name/resources`, 'tag:create', (call) =>
      change(call, (own, tag) => own.add(tag)),
    ),
    route('DELETE', `${PATH}/:name/resources`, 'tag:delete', (call) =>
      change(call, (own, tag) => own.delete(tag)),
    ),
  ];
}

/** Tags have errors of their own form. */
const invalidName = (name: string) => {
  const error = `Error validating resource tag: tag-name ${JSON.stringify(name)} contains invalid characters`;
  return { status: 400, body: { error, messages: null, root_causes: [error] } };
};

function tagView({ droplets, volumes, databases }: State, name: string) {
  const all = [...droplets.values(), ...volumes.values(), ...databases.values()];
  return { name, resources: { count: all.filter(({ tags }) => tags.has(name)).length } };
}
