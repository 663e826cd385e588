import type { DoctorFacts } from './doctor-facts.js';
import { type Finding, finding, fixable } from './finding.js';

/** What lies around the registry: lock, unfinished writes, backups. */
export function remainsFindings({ lock, temporaries, backups }: DoctorFacts): Finding[] {
  const { path, note } = lock;
  const findings: Finding[] = [];
  if (lock.state === 'left-over') {
    const message =
      'A lock file is left that no living process holds. It locks nobody out; it is only litter.';
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
    const message = 'A write that was cut off left this file. Private keys may be in it.';
    findings.push(fixable('temporary-left', { path: temporary, message }));
  }
  if (backups.count > 0) {
    const message = `${backups.count} former version(s) of the registry are kept, private keys included.`;
    const mend = ['clusterkit', 'cluster', 'restore', '--list'];
    findings.push(finding('backups-present', { path: backups.path, message, mend }));
  }
  return findings;
}
