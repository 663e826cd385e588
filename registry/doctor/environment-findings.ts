import { MANAGEMENT_SECRET } from '../../prisma/client-variables.js';
import type { RegistryEntry } from '../file/read-registry.js';
import type { DoctorFacts } from './doctor-facts.js';
import { type Finding, finding } from './finding.js';
import type { KeyState } from './key-state.js';

/** What the environment, or a session left in the file, makes of a registry that is well. */
export function environmentFindings({ path, content, env, keys }: DoctorFacts): Finding[] {
  if (content.state !== 'sound') return [];
  const { entries, cloudSessionKey } = content.registry;
  const findings = secretFindings(path, entries, env[MANAGEMENT_SECRET] || undefined, keys);
  if (cloudSessionKey) {
    findings.push(
      finding('cloud-session', {
        path,
        message: 'A session of the hosted cloud is left in the registry. That cloud is gone.',
        mend: ['clusterkit', 'logout'],
      }),
    );
  }
  return findings;
}

/**
 * CLIs from 1.7 on take the secret that they sign with from a variable, whatever the cluster; none
 * can sign with a shared secret that stands in the registry.
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
    const message = `The secret of ${listed(shared)} is a shared one. The CLIs do not sign with such a secret from the registry: from 1.7 on they want it in ${MANAGEMENT_SECRET}. clusterkit deploy and clusterkit exec put it there.`;
    const mend = ['clusterkit', 'deploy', '--cluster', first];
    return [finding('management-secret-unset', { path, message, mend })];
  }
  const mend = ['unset', MANAGEMENT_SECRET];
  const withKey = named(({ kind }) => kind === 'rsa');
  const others = named((state) => state.kind === 'shared' && state.usable.reveal() !== set);
  const findings: Finding[] = [];
  if (withKey.length > 0) {
    const message = `${MANAGEMENT_SECRET} is set, so the CLIs 1.7 and 1.8 sign with it and ignore the keys of ${listed(withKey)}: their servers refuse that.`;
    findings.push(finding('management-secret-set', { path, message, mend }));
  }
  if (others.length > 0) {
    const message = `${MANAGEMENT_SECRET} is set, and is not the secret of ${listed(others)}: the CLIs from 1.7 on sign with it, and their servers refuse that.`;
    findings.push(finding('management-secret-differs', { path, message, mend }));
  }
  return findings;
}

/** Names in quotes; a long list is cut off. */
const listed = (names: readonly string[]): string =>
  names.length > 5 ? `${quoted(names.slice(0, 5))}, …` : quoted(names);

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
