import type { RegistryEntry } from '../../lib/registry/read-registry.js';
import type { EntryHealth } from '../probe-entry.js';
import type { DoctorFacts } from './doctor-facts.js';
import { type Finding, finding } from './finding.js';

/** How the servers of the entries took nobody, a stranger and the entry's own secret. */
export function serverFindings(facts: DoctorFacts): Finding[] {
  const { content, health } = facts;
  if (content.state !== 'sound' || health === undefined) return [];
  return content.registry.entries.flatMap((entry) => {
    const found = health.get(entry.name);
    return found ? judge(entry, found, facts) : [];
  });
}

function judge(
  { name, host, line }: RegistryEntry,
  { online, auth, message, generation, version }: EntryHealth,
  { file, keys }: DoctorFacts,
): Finding[] {
  const at = { path: `${file}:${line}`, entry: name };
  const words = message === undefined ? '' : ` (${message})`;
  if (!online) {
    const text = `Its server ${host} does not answer${words}. Start it (clusterkit up NAME, where clusters.yml names it); when it is gone for good: clusterkit cluster remove NAME.`;
    return [finding('server-unreachable', { ...at, message: text })];
  }
  const kind = keys.get(name)?.kind;
  const ignoresKeys = generation === 'C' && (kind === 'rsa' || kind === 'escaped');
  const why = ignoresKeys
    ? ` Servers from 1.27 on (this one is ${version}) know shared secrets only, no key pairs.`
    : '';
  if (auth === 'open') {
    const text = `Its server ${host} lets everybody in, without a token or with a foreign one: whoever reaches it can delete all data.${why} Start the server with this entry's secret.`;
    return [finding('server-open', { ...at, message: text, mend: PUBLIC_KEY(name) })];
  }
  if (auth === 'refused' && (kind === 'rsa' || kind === 'shared' || kind === 'escaped')) {
    const text = `Its server ${host} refuses this entry's secret: it runs with another one${words}.${why}`;
    return [finding('key-refused', { ...at, message: text, mend: PUBLIC_KEY(name) })];
  }
  if (auth === 'unclear') {
    const text = `Its server ${host} neither accepts nor refuses${words}; its database may be out of reach.`;
    return [finding('auth-unclear', { ...at, message: text })];
  }
  return [];
}

/** What the server has to be started with. */
const PUBLIC_KEY = (name: string) => ['clusterkit', 'cluster', 'public-key', name] as const;
