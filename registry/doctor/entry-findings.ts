import { expandVariables } from '../file/expand-variables.js';
import type { RegistryEntry } from '../file/read-registry.js';
import type { DoctorFacts } from './doctor-facts.js';
import { type Finding, finding, fixable, type Place } from './finding.js';

/** Findings on single entries of the registry file. */
export function entryFindings({ file, content, ...facts }: DoctorFacts): Finding[] {
  if (content.state !== 'sound') return [];
  const { entries, broken } = content.registry;
  return [
    ...broken.map(({ name, line }) => {
      const message = 'It has no host. CLIs up to 1.8 cannot read such a file.';
      const mend = ['clusterkit', 'cluster', 'remove', name];
      return finding('entry-without-host', { path: `${file}:${line}`, entry: name }, message, mend);
    }),
    ...entries.flatMap((entry) => {
      const at = { path: `${file}:${entry.line}`, entry: entry.name };
      return [...hostFindings(entry, at, facts.env), ...secretFindings(entry, at, facts)];
    }),
  ];
}

function hostFindings({ host, name }: RegistryEntry, at: Place, env: DoctorFacts['env']) {
  const expanded = expandVariables(host, env);
  if (expanded === undefined) {
    return [finding('variable-unset', at, `Its host '${host}' uses a variable that is not set.`)];
  }
  if (URL.canParse(expanded) && /^https?:/i.test(expanded)) return [];
  const message = `Its host '${expanded}' is not an http or https address, so no CLI can connect to it.`;
  return [finding('host-invalid', at, message, addAgain(name, 'URL'))];
}

function secretFindings(
  { name, host }: RegistryEntry,
  at: Place,
  { keys, owned }: Pick<DoctorFacts, 'keys' | 'owned'>,
): Finding[] {
  const state = keys.get(name);
  switch (state?.kind) {
    case 'none': {
      const recorded = owned.get(name);
      if (recorded?.clusterSecret !== undefined && recorded.host.trim() === host.trim()) {
        const message = 'Another tool deleted its clusterSecret, which the kit wrote.';
        return [fixable('secret-erased', at, message)];
      }
      const message =
        'It has no clusterSecret. Only an open server accepts requests without one, and old CLIs delete such entries when they save the file.';
      return [finding('entry-without-secret', at, message, addAgain(name, host))];
    }
    case 'unset':
      return [finding('variable-unset', at, 'Its clusterSecret uses a variable that is not set.')];
    case 'broken': {
      const message = `Its clusterSecret cannot sign: ${state.reason}.`;
      return [finding('key-broken', at, message, addAgain(name, host))];
    }
    case 'escaped': {
      const message =
        'Its key has the letters \\n instead of line breaks (an unquoted or single-quoted value), so the CLIs cannot sign with it.';
      return state.inFile
        ? [fixable('key-escaped', at, message)]
        : [finding('key-escaped', at, `${message} It comes from a variable.`)];
    }
    default:
      return [];
  }
}

const addAgain = (name: string, host: string) =>
  ['clusterkit', 'cluster', 'add', name, '--host', host, '--key-file', 'FILE', '--force'] as const;

/** Entries in the kit's shadow copy that another tool deleted from the registry. */
export function erasedFindings({ file, content, owned }: DoctorFacts): Finding[] {
  if (content.state !== 'sound' && content.state !== 'missing') return [];
  const { entries = [], broken = [] } = content.state === 'sound' ? content.registry : {};
  const present = new Set([...entries, ...broken].map(({ name }) => name));
  return [...owned]
    .filter(([name]) => !present.has(name))
    .map(([entry, { host, since }]) => {
      const message = `The kit wrote this entry (${host}, ${since}), and another tool deleted it: CLIs from 1.9 on delete all entries when they save the file. To remove it for good: clusterkit cluster remove NAME.`;
      return fixable('entry-erased', { path: file, entry }, message);
    });
}
