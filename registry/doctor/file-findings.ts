import type { DoctorFacts, ModeFact } from './doctor-facts.js';
import { type Finding, finding, fixable } from './finding.js';

const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;

/** Findings on the content and the mode of the registry file. */
export function fileFindings({ path, file, content, modes }: DoctorFacts): Finding[] {
  return [...contentFindings(path, file, content), ...modes.flatMap(modeFinding)];
}

function contentFindings(path: string, file: string, content: DoctorFacts['content']): Finding[] {
  if (content.state === 'sound') return [];
  if (content.state === 'missing') {
    const message = 'There is no registry yet. The first entry creates it.';
    return [finding('registry-missing', { path, message })];
  }
  return content.problems.map((problem) => {
    const where = problem.path ?? file;
    if (content.state === 'unreadable') {
      const rest = { path: where, message: `${problem.message} ${problem.hint ?? ''}`.trim() };
      return finding('registry-unreadable', rest);
    }
    const mend = ['clusterkit', 'cluster', 'restore', '--list'];
    const twice = /is defined twice/.test(problem.message);
    const meaning = twice
      ? 'Readers use one of the two, not all the same one, or reject the file. Delete one by hand, or restore a backup.'
      : 'No command can read the registry until this is corrected by hand, or a backup is restored.';
    const message = `${problem.message} ${meaning}`;
    return finding(twice ? 'duplicate-name' : 'registry-malformed', { path: where, message, mend });
  });
}

/** The mode to set, or undefined when the present one is right. */
export function wantedMode({ kind, mode }: ModeFact): number | undefined {
  if (kind === 'shared') return undefined;
  return (mode & OTHERS) === 0 ? undefined : kind === 'file' ? 0o600 : 0o700;
}

function modeFinding(fact: ModeFact): Finding[] {
  const { path, mode, kind } = fact;
  const shown = `0${(mode & 0o777).toString(8)}`;
  if (kind === 'shared') {
    if ((mode & OTHERS_WRITE) === 0 || (mode & STICKY) !== 0) return [];
    const message = `Other users may write to this directory (${shown}), so they can replace the registry. Doctor does not change it, because it contains other files as well.`;
    return [finding('directory-mode', { path, message, mend: ['chmod', 'go-w', path] })];
  }
  const wanted = wantedMode(fact);
  if (wanted === undefined) return [];
  const message =
    kind === 'file'
      ? `Other users of this machine may read this file (${shown}), and it contains private keys. Its mode should be 0600.`
      : `Other users of this machine may read this directory (${shown}). Its mode should be 0700.`;
  return [fixable(kind === 'file' ? 'file-mode' : 'directory-mode', { path, message })];
}
