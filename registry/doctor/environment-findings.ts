import { MANAGEMENT_SECRET } from '../../prisma/client-variables.js';
import type { DoctorFacts } from './doctor-facts.js';
import { type Finding, finding } from './finding.js';
import type { KeyState } from './key-state.js';

/** Findings on environment variables and on a session of the hosted cloud. */
export function environmentFindings(facts: DoctorFacts): Finding[] {
  const { path, content } = facts;
  if (content.state !== 'sound') return [];
  const gone = 'The registry has a session of the hosted cloud, which no longer exists.';
  return [
    ...secretFindings(facts, content.registry.entries),
    ...(content.registry.cloudSessionKey
      ? [finding('cloud-session', { path }, gone, ['clusterkit', 'logout'])]
      : []),
  ];
}

/**
 * CLIs from 1.7 on sign with the secret in a variable, for every cluster. No CLI can sign with a shared
 * secret from the registry.
 */
function secretFindings(
  { path, env, keys }: DoctorFacts,
  entries: readonly { readonly name: string }[],
): Finding[] {
  const named = (wanted: (state: KeyState) => boolean) =>
    entries.flatMap(({ name }) => {
      const state = keys.get(name);
      return state && wanted(state) ? [name] : [];
    });
  const set = env[MANAGEMENT_SECRET] || undefined;
  if (set === undefined) {
    const shared = named(({ kind }) => kind === 'shared');
    const [first] = shared;
    if (first === undefined) return [];
    const message = `${listed(shared)}: the registry has a shared secret. The CLIs do not sign with a shared secret from the registry; from 1.7 on they read it from ${MANAGEMENT_SECRET}. clusterkit deploy and clusterkit exec set this variable.`;
    const mend = ['clusterkit', 'deploy', '--cluster', first];
    return [finding('management-secret-unset', { path }, message, mend)];
  }
  const mend = ['unset', MANAGEMENT_SECRET];
  const withKey = named(({ kind }) => kind === 'rsa');
  const others = named((state) => state.kind === 'shared' && state.usable.reveal() !== set);
  const overridden = `${MANAGEMENT_SECRET} is set, so the CLIs 1.7 and 1.8 sign with it instead of the keys of ${listed(withKey)}, and those servers reject it.`;
  const differs = `${MANAGEMENT_SECRET} is set, but is not the secret of ${listed(others)}. CLIs from 1.7 on sign with it, and those servers reject it.`;
  return [
    ...(withKey.length > 0 ? [finding('management-secret-set', { path }, overridden, mend)] : []),
    ...(others.length > 0 ? [finding('management-secret-differs', { path }, differs, mend)] : []),
  ];
}

/** Names in quotes; long lists are shortened. */
const listed = (names: readonly string[]): string =>
  names.length > 5 ? `${quoted(names.slice(0, 5))}, …` : quoted(names);

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
