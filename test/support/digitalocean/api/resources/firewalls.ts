import { z } from 'zod';
import { conflict, notFound, unprocessable } from '../api-error.js';
import { page } from '../page.js';
import { bodyOf } from '../request-body.js';
import { noContent, type Route, route } from '../route.js';
import type { Droplet, Firewall, StoredRule } from '../state.js';
import { timestamp, type World } from '../world.js';
import {
  checkDroplets,
  checkTags,
  firewallRequest,
  ruleBody,
  storedRules,
} from './firewall-request.js';
import { applyRules, dropletsOf } from './firewall-rules.js';
import { firewallView } from './firewall-view.js';

const PATH = '/v2/firewalls';

const dropletIds = z.object({ droplet_ids: z.array(z.number().int()) });
const tagList = z.object({ tags: z.array(z.string()) });

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
  /** Changes a firewall, then has old and new droplets catch up. */
  const change = (firewall: Firewall, edit: () => void): void => {
    const before = dropletsOf(world, firewall);
    edit();
    const after = dropletsOf(world, firewall);
    const left = before.filter((droplet: Droplet) => !after.includes(droplet));
    applyRules(world, firewall, left, true);
    applyRules(world, firewall, after, false);
  };
  const edit = (
    method: 'POST' | 'DELETE',
    path: string,
    apply: (firewall: Firewall, body: unknown) => void,
  ) =>
    route(method, `${PATH}/:id/${path}`, 'firewall:update', ({ params: { id }, body }) => {
      const firewall = existing(id);
      change(firewall, () => apply(firewall, body));
      return noContent;
    });
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
      change(firewall, () => Object.assign(firewall, request));
      return { status: 200, body: { firewall: firewallView(firewall) } };
    }),
    route('DELETE', `${PATH}/:id`, 'firewall:delete', ({ params: { id } }) => {
      const firewall = existing(id);
      const droplets = dropletsOf(world, firewall);
      firewalls.delete(firewall.id);
      applyRules(world, undefined, droplets, true);
      return noContent;
    }),
    edit('POST', 'droplets', (firewall, body) => {
      const ids = bodyOf(dropletIds, body).droplet_ids;
      checkDroplets(world, [...new Set([...firewall.dropletIds, ...ids])]);
      for (const id of ids) firewall.dropletIds.add(id);
    }),
    edit('DELETE', 'droplets', (firewall, body) => {
      for (const id of bodyOf(dropletIds, body).droplet_ids) firewall.dropletIds.delete(id);
    }),
    edit('POST', 'tags', (firewall, body) => {
      const { tags } = bodyOf(tagList, body);
      checkTags(world, [...new Set([...firewall.tags, ...tags])]);
      for (const tag of tags) firewall.tags.add(tag);
    }),
    edit('DELETE', 'tags', (firewall, body) => {
      for (const tag of bodyOf(tagList, body).tags) firewall.tags.delete(tag);
    }),
    edit('POST', 'rules', (firewall, body) => {
      const { inbound, outbound } = storedRules(world, bodyOf(ruleBody, body));
      firewall.inbound = [...firewall.inbound, ...inbound];
      firewall.outbound = [...firewall.outbound, ...outbound];
    }),
    edit('DELETE', 'rules', (firewall, body) => {
      const { inbound, outbound } = storedRules(world, bodyOf(ruleBody, body));
      const left = {
        inbound: without(firewall.inbound, inbound),
        outbound: without(firewall.outbound, outbound),
      };
      if (left.inbound.length + left.outbound.length === 0) {
        throw unprocessable('must have at least one rule');
      }
      Object.assign(firewall, left);
    }),
  ];
}

function without(rules: readonly StoredRule[], gone: readonly StoredRule[]): StoredRule[] {
  const keys = new Set(gone.map((rule) => JSON.stringify(rule)));
  return rules.filter((rule) => !keys.has(JSON.stringify(rule)));
}
