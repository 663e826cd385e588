import type { DoctorFacts } from './doctor-facts.js';
import { type Finding, finding, fixable } from './finding.js';

/** Findings on the files beside the registry: lock, temporary files, backups. */
export function leftoverFindings({ lock, temporaries, backups }: DoctorFacts): Finding[] {
  const { path, note } = lock;
  const findings: Finding[] = [];
  if (lock.state === 'left-over') {
    const message = 'No running process holds this lock file. It blocks nobody and can be deleted.';
    findings.push(fixable('lock-left', { path, message }));
  }
  if (lock.state === 'held') {
    const message = `Another process is writing the registry right now${note ? `: ${note}` : ''}.`;
    findings.push(finding('lock-held', { path, message }));
  }
  if (lock.state === 'unusable') {
    const message = `The registry cannot be locked, so the kit will not write it. ${note ?? ''}`;
    findings.push(finding('lock-unusable', { path, message: message.trim() }));
  }
  for (const temporary of temporaries) {
    const message = 'An interrupted write left this file. It may contain private keys.';
    findings.push(fixable('temporary-left', { path: temporary, message }));
  }
  if (backups.count > 0) {
    const message = `${backups.count} backup(s) of the registry exist. They contain private keys.`;
    const mend = ['clusterkit', 'cluster', 'restore', '--list'];
    findings.push(finding('backups-present', { path: backups.path, message, mend }));
  }
  return findings;
}
