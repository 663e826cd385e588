import type { Firewall, RuleTargets, StoredRule } from '../state.js';

/** Only what was given: the API leaves out empty kinds of targets. */
const targetsView = (targets: RuleTargets) =>
  Object.fromEntries(Object.entries(targets).filter(([, values]) => values?.length));

const ruleView = (rule: StoredRule, side: 'sources' | 'destinations') => ({
  protocol: rule.protocol,
  ports: rule.ports,
  [side]: targetsView(rule.targets),
});

/** A firewall. */
export const firewallView = (firewall: Firewall) => ({
  id: firewall.id,
  name: firewall.name,
  status: firewall.status,
  inbound_rules: firewall.inbound.map((rule) => ruleView(rule, 'sources')),
  outbound_rules: firewall.outbound.map((rule) => ruleView(rule, 'destinations')),
  created_at: firewall.createdAt,
  droplet_ids: [...firewall.dropletIds],
  tags: [...firewall.tags],
  pending_changes: firewall.pending.map(({ dropletId, removing }) => ({
    droplet_id: dropletId,
    removing,
    status: 'waiting',
  })),
});
