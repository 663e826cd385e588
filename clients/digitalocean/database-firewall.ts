import type { Api } from './api.js';
import { databaseFirewallAnswer } from './database-answers.js';

/** A source that may connect to a managed database. */
export interface TrustedSource {
  readonly type: 'tag' | 'ip_addr';
  readonly value: string;
}

/**
 * An address for documentation, which no client has. A database without any source is open to all,
 * and a source with a tag is removed with the tag: this one stays.
 */
const NOBODY: TrustedSource = { type: 'ip_addr', value: '192.0.2.1' };

/** The droplets with a tag; the list is never empty, which would allow everybody. */
export const onlyTagged = (tag: string): readonly TrustedSource[] => [
  { type: 'tag', value: tag },
  NOBODY,
];

/** Allows connections from these sources only. @throws ApiError */
export async function trustOnly(
  api: Api,
  id: string,
  sources: readonly TrustedSource[],
): Promise<'changed' | 'already so'> {
  const path = `/v2/databases/${id}/firewall`;
  const { rules } = await api.get(path, databaseFirewallAnswer);
  if (wordsOf(rules) === wordsOf(sources)) return 'already so';
  await api.put(path, { rules: sources });
  return 'changed';
}

const wordsOf = (rules: readonly { readonly type: string; readonly value: string }[]): string =>
  rules
    .map(({ type, value }) => `${type} ${value}`)
    .sort()
    .join('\n');
