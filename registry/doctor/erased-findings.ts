import type { DoctorFacts } from './doctor-facts.js';
import { type Finding, fixable } from './finding.js';

/** Entries in the kit's shadow copy that another tool deleted from the registry. */
export function erasedFindings({ file, content, owned }: DoctorFacts): Finding[] {
  if (content.state !== 'sound' && content.state !== 'missing') return [];
  const present = new Set(
    content.state === 'sound'
      ? [...content.registry.entries, ...content.registry.broken].map(({ name }) => name)
      : [],
  );
  return [...owned]
    .filter(([name]) => !present.has(name))
    .map(([name, { host, since }]) =>
      fixable('entry-erased', {
        path: file,
        entry: name,
        message: `The kit wrote this entry (${host}, ${since}), and another tool deleted it: CLIs from 1.9 on delete all entries when they save the file. To remove it for good: clusterkit cluster remove NAME.`,
      }),
    );
}
