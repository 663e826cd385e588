import { chmod } from 'node:fs/promises';
import { ownerOf, type RegistryWorld } from '../add-entry.js';
import { registryFileError } from '../file/file-errors.js';
import { sweepRemains } from '../file/kit-temporaries.js';
import { registryFiles } from '../file/registry-files.js';
import { changeRegistry } from '../file/registry-transaction.js';
import type { DoctorFacts } from './doctor-facts.js';
import { wantedMode } from './file-findings.js';
import type { Finding } from './finding.js';
import { mendText } from './mend-text.js';
import { redactedDiff } from './redacted-diff.js';

/**
 * Mends what is safe: modes, remains, and entries that the shadow copy or plain sense can put right.
 * Touches nothing when there is nothing to mend.
 *
 * @returns the difference in the registry, secrets replaced; empty when its text stays
 * @throws KitError `registry-locked`, disk and permission errors (exit 3)
 */
export async function mend(
  facts: DoctorFacts,
  findings: readonly Finding[],
  world: RegistryWorld,
): Promise<string> {
  const wanted = new Set(findings.filter(({ fixable }) => fixable).map(({ code }) => code));
  for (const fact of facts.modes) {
    const mode = wantedMode(fact);
    if (mode !== undefined) await setMode(fact.path, mode);
  }
  const owner = ownerOf(world);
  if (wanted.has('lock-left') || wanted.has('temporary-left')) {
    await sweepRemains(await registryFiles(facts.path), { owner, now: world.now });
  }
  if (!TEXTUAL.some((code) => wanted.has(code))) return '';
  return changeRegistry(facts.path, { owner, now: world.now }, ({ parsed, registry }) => {
    const text = mendText(parsed, registry, facts.env);
    return { result: redactedDiff(facts.file, parsed.text, text), text };
  });
}

const setMode = (path: string, mode: number) =>
  chmod(path, mode).catch((error: unknown) => {
    throw registryFileError(path, 'change the mode of', error);
  });

const TEXTUAL = ['entry-erased', 'secret-erased', 'key-escaped'] as const;
