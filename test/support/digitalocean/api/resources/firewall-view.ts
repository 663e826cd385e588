import type { Firewall, StoredRule } from '../state.js';

const ruleView = (rule: StoredRule, side: 'sources' | 'destinations') => ({
  protocol: rule.protocol,
  ports: rule.ports,
  [side]: { addresses: rule.addresses },
});

/** A firewall. */
export const firewallView = (firewall: Firewall) => ({
  id: firewall.id,
  name: firewall.name,
  status: firewall.status,
  inbound_rules: firewall.inbound.map((rule) => ruleView(rule, 'sources')),
  outbound_rules: firewall.outbound.map((rule) => ruleView(rule, 'destinations')),
  created_at: firewall.createdAt,
  droplet_ids: [],
  tags: [...firewall.tags],
  pending_changes: firewall.pending.map(({ dropletId, removing }) => ({
    droplet_id: dropletId,
    removing,
    status: 'waiting',
  })),
});
