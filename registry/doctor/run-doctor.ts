import type { RegistryWorld } from '../add-entry.js';
import { askServers, type ServerToAsk } from '../ask-servers.js';
import { expandVariables } from '../file/expand-variables.js';
import { diagnose } from './diagnose.js';
import type { DoctorFacts } from './doctor-facts.js';
import type { Finding } from './finding.js';
import { lookAtRegistry } from './look-at-registry.js';
import { mend } from './mend.js';

/** How to go about it. */
export interface DoctorWish {
  /** Mend what is safe. */
  readonly fix: boolean;
  /** Ask no server. */
  readonly offline: boolean;
}

/** The world of doctor. */
export interface DoctorWorld extends RegistryWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/** What {@link runDoctor} found, and what it did. */
export interface Diagnosis {
  /** What there is to say now, after mending. */
  readonly findings: readonly Finding[];
  /** What was found before, and is mended now. */
  readonly fixed: readonly Finding[];
  /** The difference in the registry's text, secrets replaced; empty when it stayed. */
  readonly diff: string;
}

/**
 * THE STORY of doctor: look at the disk, mend what is safe when asked to, look again, and ask the
 * servers last, once.
 *
 * @throws KitError (exit 3) only when mending could not be done
 */
export async function runDoctor(
  { fix, offline }: DoctorWish,
  world: DoctorWorld,
): Promise<Diagnosis> {
  const place = { path: world.registry, env: world.env, platform: world.platform };
  const first = await lookAtRegistry(place);
  const before = diagnose(first);
  const isMending = fix && before.some(({ fixable }) => fixable);
  const diff = isMending ? await mend(first, before, world) : '';
  const facts = isMending ? await lookAtRegistry(place) : first;
  const health = offline ? undefined : await askServers(serversIn(facts), world);
  const findings = diagnose({ ...facts, health });
  const fixed = isMending
    ? before.filter((each) => each.fixable && !findings.some(same(each)))
    : [];
  return { findings, fixed, diff };
}

/** The servers of all entries that have an address. */
function serversIn({ content, env, keys }: DoctorFacts): ServerToAsk[] {
  const entries = content.state === 'sound' ? content.registry.entries : [];
  return entries.flatMap(({ name, host: written, clusterSecret }) => {
    const host = expandVariables(written, env);
    if (host === undefined || !/^https?:/i.test(host) || !URL.canParse(host)) return [];
    const state = keys.get(name);
    // With its line breaks restored the key shows whether the server knows it.
    const usable = state && 'usable' in state ? state.usable : clusterSecret;
    return [{ name, host, clusterSecret: usable }];
  });
}

/** Lines may have moved; code, file and entry tell one finding from another. */
const same = (a: Finding) => (b: Finding) =>
  a.code === b.code && a.entry === b.entry && (a.entry !== undefined || a.path === b.path);
