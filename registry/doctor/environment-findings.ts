import { MANAGEMENT_SECRET } from '../../prisma/client-variables.js';
import type { RegistryEntry } from '../file/read-registry.js';
import type { DoctorFacts } from './doctor-facts.js';
import { type Finding, finding } from './finding.js';
import type { KeyState } from './key-state.js';

/** Findings on environment variables and on a session of the hosted cloud. */
export function environmentFindings({ path, content, env, keys }: DoctorFacts): Finding[] {
  if (content.state !== 'sound') return [];
  const { entries, cloudSessionKey } = content.registry;
  const findings = secretFindings(path, entries, env[MANAGEMENT_SECRET] || undefined, keys);
  if (cloudSessionKey) {
    findings.push(
      finding('cloud-session', {
        path,
        message: 'The registry has a session of the hosted cloud, which no longer exists.',
        mend: ['clusterkit', 'logout'],
      }),
    );
  }
  return findings;
}

/**
 * CLIs from 1.7 on sign with the secret in a variable, for every cluster. No CLI can sign with a shared
 * secret from the registry.
 */
function secretFindings(
  path: string,
  entries: readonly RegistryEntry[],
  set: string | undefined,
  keys: DoctorFacts['keys'],
): Finding[] {
  const named = (wanted: (state: KeyState) => boolean) =>
    entries.flatMap(({ name }) => {
      const state = keys.get(name);
      return state && wanted(state) ? [name] : [];
    });
  const isShared = (state: KeyState) => state.kind === 'shared';
  if (set === undefined) {
    const shared = named(isShared);
    const [first] = shared;
    if (first === undefined) return [];
    const message = `${listed(shared)}: the registry has a shared secret. The CLIs do not sign with a shared secret from the registry; from 1.7 on they read it from ${MANAGEMENT_SECRET}. clusterkit deploy and clusterkit exec set this variable.`;
    const mend = ['clusterkit', 'deploy', '--cluster', first];
    return [finding('management-secret-unset', { path, message, mend })];
  }
  const mend = ['unset', MANAGEMENT_SECRET];
  const withKey = named(({ kind }) => kind === 'rsa');
  const others = named((state) => state.kind === 'shared' && state.usable.reveal() !== set);
  const findings: Finding[] = [];
  if (withKey.length > 0) {
    const message = `${MANAGEMENT_SECRET} is set, so the CLIs 1.7 and 1.8 sign with it instead of the keys of ${listed(withKey)}, and those servers reject it.`;
    findings.push(finding('management-secret-set', { path, message, mend }));
  }
  if (others.length > 0) {
    const message = `${MANAGEMENT_SECRET} is set, but is not the secret of ${listed(others)}. CLIs from 1.7 on sign with it, and those servers reject it.`;
    findings.push(finding('management-secret-differs', { path, message, mend }));
  }
  return findings;
}

/** Names in quotes; long lists are shortened. */
const listed = (names: readonly string[]): string =>
  names.length > 5 ? `${quoted(names.slice(0, 5))}, …` : quoted(names);

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
