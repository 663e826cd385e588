import type { DoctorFacts, ModeFact } from './doctor-facts.js';
import { type Finding, finding, fixable } from './finding.js';

const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;
const LIST_BACKUPS = ['clusterkit', 'cluster', 'restore', '--list'];

/** Findings on the content and the mode of the registry file. */
export function fileFindings(facts: DoctorFacts): Finding[] {
  return [...contentFindings(facts), ...facts.modes.flatMap(modeFinding)];
}

function contentFindings({ path, file, content }: DoctorFacts): Finding[] {
  if (content.state === 'sound') return [];
  if (content.state === 'missing') {
    const message = 'There is no registry yet. The first entry creates it.';
    return [finding('registry-missing', { path }, message)];
  }
  return content.problems.map(({ path: where = file, message, hint = '' }) => {
    if (content.state === 'unreadable') {
      return finding('registry-unreadable', { path: where }, `${message} ${hint}`.trim());
    }
    const isTwice = /is defined twice/.test(message);
    const meaning = isTwice
      ? 'Readers use one of the two, not all the same one, or reject the file. Delete one by hand, or restore a backup.'
      : 'No command can read the registry until this is corrected by hand, or a backup is restored.';
    const code = isTwice ? 'duplicate-name' : 'registry-malformed';
    return finding(code, { path: where }, `${message} ${meaning}`, LIST_BACKUPS);
  });
}

/** The mode to set, or undefined when the present one is right. */
export function wantedMode({ kind, mode }: ModeFact): number | undefined {
  if (kind === 'shared') return undefined;
  return (mode & OTHERS) === 0 ? undefined : kind === 'file' ? 0o600 : 0o700;
}

function modeFinding(fact: ModeFact): Finding[] {
  const { path, mode, kind, otherOwner } = fact;
  if (otherOwner !== undefined) {
    const message = `It belongs to another user (id ${otherOwner}), who can read the private keys in the registry and replace it. Use a registry of your own: --registry FILE, or a ~/.prisma that is yours.`;
    return [finding('foreign-owner', { path }, message)];
  }
  const shown = `0${(mode & 0o777).toString(8)}`;
  if (kind === 'shared') {
    if ((mode & OTHERS_WRITE) === 0 || (mode & STICKY) !== 0) return [];
    const message = `Other users may write to this directory (${shown}), so they can replace the registry. Doctor does not change it, because it contains other files as well.`;
    return [finding('directory-mode', { path }, message, ['chmod', 'go-w', path])];
  }
  if (wantedMode(fact) === undefined) return [];
  const message =
    kind === 'file'
      ? `Other users of this machine may read this file (${shown}), and it contains private keys. Its mode should be 0600.`
      : `Other users of this machine may read this directory (${shown}). Its mode should be 0700.`;
  return [fixable(`${kind}-mode`, { path }, message)];
}

/** Findings on the files beside the registry: lock, temporary files, backups. */
export function leftoverFindings({ lock, temporaries, backups }: DoctorFacts): Finding[] {
  const { path, note, state } = lock;
  const at = { path };
  const left = 'No running process holds this lock file. It blocks nobody and can be deleted.';
  const held = `Another process is writing the registry right now${note ? `: ${note}` : ''}.`;
  const unusable = `The registry cannot be locked, so the kit will not write it. ${note ?? ''}`;
  const half = 'An interrupted write left this file. It may contain private keys.';
  const kept = `${backups.count} backup(s) of the registry exist. They contain private keys.`;
  return [
    ...(state === 'left-over' ? [fixable('lock-left', at, left)] : []),
    ...(state === 'held' ? [finding('lock-held', at, held)] : []),
    ...(state === 'unusable' ? [finding('lock-unusable', at, unusable.trim())] : []),
    ...temporaries.map((each) => fixable('temporary-left', { path: each }, half)),
    ...(backups.count > 0
      ? [finding('backups-present', { path: backups.path }, kept, LIST_BACKUPS)]
      : []),
  ];
}
