import { chmod } from 'node:fs/promises';
import { ownerOf, type RegistryContext } from '../add-entry.js';
import { registryFileError } from '../file/file-errors.js';
import { registryFiles } from '../file/registry-files.js';
import { changeRegistry } from '../file/registry-transaction.js';
import { removeLeftovers } from '../file/temporary-files.js';
import type { DoctorFacts } from './doctor-facts.js';
import { wantedMode } from './file-findings.js';
import type { Finding } from './finding.js';
import { redactedDiff } from './redacted-diff.js';
import { repairText } from './repair-text.js';

/**
 * Fixes what is safe to fix: modes, leftovers, entries that the shadow copy has, and escaped keys.
 * Changes nothing when there is nothing to fix.
 *
 * @returns a diff of the registry with secrets replaced; empty when its text did not change
 * @throws KitError `registry-locked`, disk and permission errors (exit 3)
 */
export async function repair(
  facts: DoctorFacts,
  findings: readonly Finding[],
  context: RegistryContext,
): Promise<string> {
  const wanted = new Set(findings.filter(({ fixable }) => fixable).map(({ code }) => code));
  for (const fact of facts.modes) {
    const mode = wantedMode(fact);
    if (mode !== undefined) await setMode(fact.path, mode);
  }
  const owner = ownerOf(context);
  if (wanted.has('lock-left') || wanted.has('temporary-left')) {
    await removeLeftovers(await registryFiles(facts.path), { owner, now: context.now });
  }
  if (!TEXTUAL.some((code) => wanted.has(code))) return '';
  return changeRegistry(facts.path, { owner, now: context.now }, ({ parsed, registry }) => {
    const text = repairText(parsed, registry, facts.env);
    return { result: redactedDiff(facts.file, parsed.text, text), text };
  });
}

const setMode = (path: string, mode: number) =>
  chmod(path, mode).catch((error: unknown) => {
    throw registryFileError(path, 'change the mode of', error);
  });

const TEXTUAL = ['entry-erased', 'secret-erased', 'key-escaped'] as const;
