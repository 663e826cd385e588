/**
 * Rules for `nft` in the network namespace of a managed database: only these addresses get a
 * connection, others hear nothing. `undefined`: everybody may.
 */
export function trustRuleset(sources: readonly string[] | undefined): string {
  const reset = ['table inet trust {}', 'delete table inet trust'];
  if (sources === undefined) return [...reset, ''].join('\n');
  return [
    ...reset,
    'table inet trust {',
    '  chain sources {',
    '    type filter hook input priority 0; policy drop;',
    '    iifname "lo" accept',
    '    ct state established,related accept',
    ...sources.map((source) => `    ip saddr ${source} accept`),
    '  }',
    '}',
    '',
  ].join('\n');
}
