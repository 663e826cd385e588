import { CLOCK_HINT } from '../../prisma/probe/clock.js';
import type { SecretKind } from '../../prisma/tokens/signing-key.js';
import type { RegistryEntry } from '../file/read-registry.js';
import type { EntryHealth } from '../probe-entry.js';
import { whyUnfit } from '../verify-entry.js';
import type { DoctorFacts } from './doctor-facts.js';
import { type Finding, finding } from './finding.js';
import type { KeyState } from './key-state.js';

/** Findings on the servers: reachability, authentication, certificate. */
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
  health: EntryHealth,
  { file, keys }: DoctorFacts,
): Finding[] {
  const { online, auth, message, generation, refusal } = health;
  const at = { path: `${file}:${line}`, entry: name };
  const words = message === undefined ? '' : ` (${message})`;
  if (refusal !== undefined) {
    const text = `Its server ${host} answers, but its certificate is not trusted, so nothing was sent: ${message}. ${refusal.hint}`;
    return [finding(refusal.code, at, text)];
  }
  if (!online) {
    const text = `Its server ${host} does not answer${words}. Start it (clusterkit up NAME, where clusters.yml names it); if it no longer exists: clusterkit cluster remove NAME.`;
    return [finding('server-unreachable', at, text)];
  }
  const kind = signsAs(keys.get(name));
  const unfit = kind && whyUnfit(health, kind);
  const mend = fixCommand(name, host, health, unfit === undefined ? kind : undefined);
  if (auth === 'open') {
    const why = unfit === undefined ? '' : ` ${unfit}`;
    const text = `Its server ${host} accepts requests without a token or with a foreign one: everybody who can connect to it can delete all data.${why} ${START[kind ?? 'rsa']}`;
    return [finding('server-open', at, text, mend)];
  }
  if (auth === 'refused' && unfit !== undefined) {
    const text = `Its server ${host} can never accept this entry's ${WORD[kind ?? 'rsa']}. ${unfit}`;
    return [finding('secret-unfit', at, text, mend)];
  }
  if (auth === 'refused' && health.clock !== undefined) {
    const text = `Its server ${host} refuses tokens that are signed here: ${health.clock}. ${CLOCK_HINT}`;
    return [finding('clock-differs', at, text)];
  }
  if (auth === 'refused' && kind !== undefined) {
    const either = generation === 'B' ? EITHER.server : health.gateway && EITHER.gateway;
    const other = either ? ` ${either[kind]}` : '';
    const text = `Its server ${host} rejects this entry's ${WORD[kind]}: it uses another one${words}.${other}`;
    return [finding('key-refused', at, text, mend)];
  }
  if (auth === 'unclear') {
    const text = `Its server ${host} neither accepts nor rejects this entry's secret${words}; its database may be unreachable.`;
    return [finding('auth-unclear', at, text)];
  }
  return [];
}

/** The kind of an entry's secret; undefined when it cannot sign. */
function signsAs(state: KeyState | undefined): SecretKind | undefined {
  if (state?.kind === 'shared') return 'secret';
  return state?.kind === 'rsa' || state?.kind === 'escaped' ? 'rsa' : undefined;
}

const WORD = { rsa: 'key', secret: 'shared secret' } as const;

const START = {
  rsa: "Start the server with this entry's public key.",
  secret: "Start the server with this entry's secret as managementApiSecret.",
} as const;

/** Servers from 1.7 to 1.26, and gateways before later ones, accept either kind, and do not report which. */
const EITHER = {
  server: {
    rsa: 'It may also require a shared secret: a managementApiSecret in its configuration takes precedence over a public key.',
    secret:
      'It may also require a key pair: without managementApiSecret it checks with its public key.',
  },
  gateway: {
    rsa: 'It may also require a shared secret: its cluster may have server.auth: secret.',
    secret: 'It may also require a key pair: its cluster may have server.auth: rsa.',
  },
} as const;

/** The command that shows what the server must be started with, or that adds a suitable secret. */
function fixCommand(
  name: string,
  host: string,
  { generation, gateway }: EntryHealth,
  kind: SecretKind | undefined,
): readonly string[] {
  if (kind === 'rsa') return ['clusterkit', 'cluster', 'public-key', name];
  if (kind === 'secret') return ['clusterkit', 'env', name, '--management-secret'];
  const option = generation === 'C' && gateway === undefined ? '--secret-file' : '--key-file';
  return ['clusterkit', 'cluster', 'add', name, '--host', host, option, 'FILE', '--force'];
}
