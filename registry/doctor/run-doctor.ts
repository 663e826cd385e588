import type { RegistryContext } from '../add-entry.js';
import { expandVariables } from '../file/expand-variables.js';
import { probeServers, type ServerToProbe } from '../probe-entry.js';
import { diagnose } from './diagnose.js';
import type { DoctorFacts } from './doctor-facts.js';
import type { Finding } from './finding.js';
import { inspectRegistry } from './inspect-registry.js';
import { repair } from './repair.js';

/** Options of {@link runDoctor}. */
export interface DoctorOptions {
  /** Fix what is safe to fix. */
  readonly fix: boolean;
  /** Probe no server. */
  readonly offline: boolean;
}

/** Context of {@link runDoctor}. */
export interface DoctorContext extends RegistryContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/** Result of {@link runDoctor}. */
export interface Diagnosis {
  /** Findings that remain after fixing. */
  readonly findings: readonly Finding[];
  /** Findings that were fixed. */
  readonly fixed: readonly Finding[];
  /** Diff of the registry's text with secrets replaced; empty when it did not change. */
  readonly diff: string;
}

/**
 * Runs `doctor`: inspects the registry, fixes what is safe on request, inspects it again, and probes the
 * servers once.
 *
 * @throws KitError (exit 3) only when a fix failed
 */
export async function runDoctor(
  { fix, offline }: DoctorOptions,
  context: DoctorContext,
): Promise<Diagnosis> {
  const place = { path: context.registry, env: context.env, platform: context.platform };
  const first = await inspectRegistry(place);
  const before = diagnose(first);
  const isFixing = fix && before.some(({ fixable }) => fixable);
  const diff = isFixing ? await repair(first, before, context) : '';
  const facts = isFixing ? await inspectRegistry(place) : first;
  const health = offline ? undefined : await probeServers(serversIn(facts), context);
  const findings = diagnose({ ...facts, health });
  const fixed = isFixing ? before.filter((each) => each.fixable && !findings.some(same(each))) : [];
  return { findings, fixed, diff };
}

/** The servers of all entries that have an address. */
function serversIn({ content, env, keys }: DoctorFacts): ServerToProbe[] {
  const entries = content.state === 'sound' ? content.registry.entries : [];
  return entries.flatMap(({ name, host: written, clusterSecret }) => {
    const host = expandVariables(written, env);
    if (host === undefined || !/^https?:/i.test(host) || !URL.canParse(host)) return [];
    const state = keys.get(name);
    // With real line breaks the key shows whether the server accepts it.
    const usable = state && 'usable' in state ? state.usable : clusterSecret;
    return [{ name, host, clusterSecret: usable }];
  });
}

/** Lines may have moved: code, file and entry identify a finding. */
const same = (a: Finding) => (b: Finding) =>
  a.code === b.code && a.entry === b.entry && (a.entry !== undefined || a.path === b.path);
