import { isIP } from 'node:net';
import { z } from 'zod';
import { unprocessable } from '../api-error.js';
import { bodyOf } from '../request-body.js';
import type { RuleTargets, StoredRule } from '../state.js';
import type { World } from '../world.js';

const MOST_RULES = 50;
const MOST_DROPLETS = 10;
const MOST_TAGS = 5;

const address = z.string().refine(isAddress, 'invalid address');
const targets = z.object({
  addresses: z.array(address).nullish(),
  tags: z.array(z.string()).nullish(),
  droplet_ids: z.array(z.number().int()).nullish(),
  load_balancer_uids: z.array(z.string()).nullish(),
  kubernetes_ids: z.array(z.string()).nullish(),
});
const base = z.object({
  protocol: z.enum(['tcp', 'udp', 'icmp'], 'must be one of tcp, udp, icmp'),
  ports: z.union([z.string(), z.number()]).nullish(),
});
const inbound = base.extend({ sources: targets });
const outbound = base.extend({ destinations: targets });

/** Rules of both directions, as `/rules` takes them. */
export const ruleBody = z.object({
  inbound_rules: z.array(inbound).nullish(),
  outbound_rules: z.array(outbound).nullish(),
});
const firewallBody = ruleBody.extend({
  name: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9.-]+$/, 'name is invalid'),
  droplet_ids: z.array(z.number().int()).nullish(),
  tags: z.array(z.string()).nullish(),
});

/** A firewall as it was asked for, everything found. */
export interface FirewallRequest {
  readonly name: string;
  readonly inbound: readonly StoredRule[];
  readonly outbound: readonly StoredRule[];
  readonly dropletIds: Set<number>;
  readonly tags: Set<string>;
}

/** Reads a whole firewall. Errors: 422. */
export function firewallRequest(world: World, body: unknown): FirewallRequest {
  const { name, droplet_ids, tags, ...rules } = bodyOf(firewallBody, body);
  const { inbound, outbound } = storedRules(world, rules);
  if (inbound.length + outbound.length === 0) {
    throw unprocessable('must have at least one rule');
  }
  checkDroplets(world, droplet_ids ?? []);
  checkTags(world, tags ?? []);
  return {
    name,
    inbound,
    outbound,
    dropletIds: new Set(droplet_ids ?? []),
    tags: new Set(tags ?? []),
  };
}

/** Rules in the form in which they are kept. Errors: 422. */
export function storedRules(world: World, rules: z.infer<typeof ruleBody>) {
  const inbound = (rules.inbound_rules ?? []).map((rule) => stored(world, rule, rule.sources));
  const outbound = (rules.outbound_rules ?? []).map((rule) =>
    stored(world, rule, rule.destinations),
  );
  if (inbound.length + outbound.length > MOST_RULES) {
    throw unprocessable(`can not have more than ${MOST_RULES} rules`);
  }
  return { inbound, outbound };
}

/** Throws 422 for ids that are not there, and for too many. */
export function checkDroplets({ state }: World, ids: readonly number[]): void {
  const missing = ids.filter((id) => !state.droplets.has(id));
  if (missing.length > 0) throw unprocessable(`droplet ${missing.join(', ')} does not exist`);
  if (ids.length > MOST_DROPLETS) {
    throw unprocessable(`can not be assigned to more than ${MOST_DROPLETS} droplets`);
  }
}

/** Throws 422 for tags that are not there, and for too many. */
export function checkTags({ state }: World, tags: readonly string[]): void {
  const missing = tags.filter((tag) => !state.tags.has(tag));
  if (missing.length > 0) throw unprocessable(`tag ${missing.join(', ')} does not exist`);
  if (tags.length > MOST_TAGS) throw unprocessable(`can not have more than ${MOST_TAGS} tags`);
}

function stored(
  world: World,
  { protocol, ports }: z.infer<typeof base>,
  given: z.infer<typeof targets>,
): StoredRule {
  const targets = Object.fromEntries(
    Object.entries(given).filter(([, values]) => values?.length),
  ) as RuleTargets;
  if (Object.keys(targets).length === 0) {
    throw unprocessable('a rule must have at least one source or destination');
  }
  checkTags(world, targets.tags ?? []);
  return { protocol, ports: storedPorts(protocol, ports ?? ''), targets };
}

/** "22", "8000-9000", or "0" for what was given as "all", "0", or nothing with icmp. */
function storedPorts(protocol: StoredRule['protocol'], given: string | number): string {
  const text = String(given);
  if (protocol === 'icmp') return '0';
  if (text === 'all' || text === '0') return '0';
  const [, first, , last = first] = /^(\d{1,5})(-(\d{1,5}))?$/.exec(text) ?? [];
  const isValid = Number(first) >= 1 && Number(first) <= Number(last) && Number(last) <= 65_535;
  if (!isValid) throw unprocessable('You must specify a positive value for ports');
  return text;
}

function isAddress(text: string): boolean {
  const [ip = '', bits, ...rest] = text.split('/');
  const family = isIP(ip);
  if (family === 0 || rest.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
  );
}
