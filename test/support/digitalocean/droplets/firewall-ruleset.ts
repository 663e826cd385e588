import { isIPv6 } from 'node:net';
import type { FirewallRule, FirewallRules } from '../api/droplet-runtime.js';

/** Table in the network namespace of a droplet. */
export const FIREWALL_TABLE = 'digitalocean';

/**
 * The rules for `nft`. Before address translation (-150 is after connection tracking and before
 * DNAT), so that ports which an engine publishes are filtered like all others; only what crosses
 * `eth0`. `owner` keeps the guest's own `flush ruleset` away from it, as a firewall outside of the
 * machine would be. `generation` comes back by `nft list table`, to see that they are in force.
 * `undefined`: no firewall is attached, all passes.
 */
export function firewallRuleset(rules: FirewallRules | undefined, generation: string): string {
  const reset = [
    `table inet ${FIREWALL_TABLE} { flags owner; }`,
    `delete table inet ${FIREWALL_TABLE}`,
  ];
  return [
    ...reset,
    `table inet ${FIREWALL_TABLE} {`,
    '  flags owner;',
    `  comment "${generation}"`,
    ...(rules === undefined ? [] : chains(rules)),
    '}',
    '',
  ].join('\n');
}

function chains({ inbound, outbound }: FirewallRules): string[] {
  return [
    ...chain('inbound', 'prerouting', 'iifname', openings(inbound, 'saddr')),
    ...chain('outbound', 'postrouting', 'oifname', openings(outbound, 'daddr')),
  ];
}

function chain(name: string, hook: string, device: string, rules: readonly string[]): string[] {
  return [
    `  chain ${name} {`,
    `    type filter hook ${hook} priority -150; policy accept;`,
    `    ${device} != "eth0" accept`,
    '    ct state established,related accept',
    ...rules.map((rule) => `    ${rule} accept`),
    '    drop',
    '  }',
  ];
}

function openings(rules: readonly FirewallRule[], side: 'saddr' | 'daddr'): string[] {
  return rules.flatMap(({ protocol, ports, addresses }) =>
    addresses.map((address) => {
      const family = isIPv6(address.split('/')[0] ?? '') ? 'ip6' : 'ip';
      return `${family} ${side} ${address} ${matchOf(protocol, ports, family)}`;
    }),
  );
}

function matchOf(protocol: FirewallRule['protocol'], ports: FirewallRule['ports'], family: string) {
  if (protocol === 'icmp') return `meta l4proto ${family === 'ip6' ? 'icmpv6' : 'icmp'}`;
  return `${protocol} dport ${ports.first}-${ports.last}`;
}
