import type { DoctorFacts } from './doctor-facts.js';
import { entryFindings, erasedFindings } from './entry-findings.js';
import { environmentFindings } from './environment-findings.js';
import { fileFindings, leftoverFindings } from './file-findings.js';
import type { Finding, Severity } from './finding.js';
import { serverFindings } from './server-findings.js';

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** All findings: the worst first, those of one severity in the order of the file. */
export function diagnose(facts: DoctorFacts): Finding[] {
  return [
    ...fileFindings(facts),
    ...erasedFindings(facts),
    ...entryFindings(facts),
    ...serverFindings(facts),
    ...environmentFindings(facts),
    ...leftoverFindings(facts),
  ].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}
