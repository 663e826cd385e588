import { isIP } from 'node:net';
import { z } from 'zod';
import { unprocessable } from '../api-error.js';
import { bodyOf } from '../request-body.js';
import type { StoredRule } from '../state.js';
import type { World } from '../world.js';

const MOST_RULES = 50;
const MOST_TAGS = 5;

const address = z.string().refine(isAddress, 'invalid address');
const targets = z.object({
  addresses: z.array(address).min(1, 'a rule must have at least one source or destination'),
});
const base = z.object({
  protocol: z.enum(['tcp', 'udp', 'icmp'], 'must be one of tcp, udp, icmp'),
  ports: z.union([z.string(), z.number()]).nullish(),
});
const inbound = base.extend({ sources: targets });
const outbound = base.extend({ destinations: targets });

const firewallBody = z.object({
  inbound_rules: z.array(inbound).nullish(),
  outbound_rules: z.array(outbound).nullish(),
  name: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9.-]+$/, 'name is invalid'),
  tags: z.array(z.string()).nullish(),
});

/** A firewall as it was asked for, everything found. */
export interface FirewallRequest {
  readonly name: string;
  readonly inbound: readonly StoredRule[];
  readonly outbound: readonly StoredRule[];
  readonly tags: Set<string>;
}

/** Reads a whole firewall. Errors: 422. */
export function firewallRequest(world: World, body: unknown): FirewallRequest {
  const { name, tags, inbound_rules, outbound_rules } = bodyOf(firewallBody, body);
  const inbound = (inbound_rules ?? []).map((rule) => stored(rule, rule.sources));
  const outbound = (outbound_rules ?? []).map((rule) => stored(rule, rule.destinations));
  const count = inbound.length + outbound.length;
  if (count === 0) throw unprocessable('must have at least one rule');
  if (count > MOST_RULES) throw unprocessable(`can not have more than ${MOST_RULES} rules`);
  checkTags(world, tags ?? []);
  return { name, inbound, outbound, tags: new Set(tags ?? []) };
}

/** Throws 422 for tags that are not there, and for too many. */
function checkTags({ state }: World, tags: readonly string[]): void {
  const missing = tags.filter((tag) => !state.tags.has(tag));
  if (missing.length > 0) throw unprocessable(`tag ${missing.join(', ')} does not exist`);
  if (tags.length > MOST_TAGS) throw unprocessable(`can not have more than ${MOST_TAGS} tags`);
}

const stored = (
  { protocol, ports }: z.infer<typeof base>,
  { addresses }: z.infer<typeof targets>,
): StoredRule => ({ protocol, ports: storedPorts(protocol, ports ?? ''), addresses });

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
