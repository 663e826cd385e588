import { expandVariables } from '../file/expand-variables.js';
import type { RegistryEntry } from '../file/read-registry.js';
import type { DoctorFacts } from './doctor-facts.js';
import { type Finding, finding, fixable } from './finding.js';
import type { KeyState } from './key-state.js';

/** Findings on single entries of the registry file. */
export function entryFindings({ file, content, owned, env, keys }: DoctorFacts): Finding[] {
  if (content.state !== 'sound') return [];
  const { entries, broken } = content.registry;
  return [
    ...broken.map(({ name, line }) =>
      finding('entry-without-host', {
        path: `${file}:${line}`,
        entry: name,
        message: 'It has no host. CLIs up to 1.8 cannot read such a file.',
        mend: ['clusterkit', 'cluster', 'remove', name],
      }),
    ),
    ...entries.flatMap((entry) => {
      const at = { path: `${file}:${entry.line}`, entry: entry.name };
      const recorded = owned.get(entry.name);
      const hasRecord =
        recorded?.clusterSecret !== undefined && recorded.host.trim() === entry.host.trim();
      return [
        ...hostFindings(entry, at, env),
        ...secretFindings(entry, at, keys.get(entry.name), hasRecord),
      ];
    }),
  ];
}

type Place = Pick<Finding, 'path'> & { readonly entry: string };

function hostFindings(
  { host, name }: RegistryEntry,
  at: Place,
  env: DoctorFacts['env'],
): Finding[] {
  const expanded = expandVariables(host, env);
  if (expanded === undefined) {
    const message = `Its host '${host}' uses a variable that is not set.`;
    return [finding('variable-unset', { ...at, message })];
  }
  if (URL.canParse(expanded) && /^https?:/i.test(expanded)) return [];
  const message = `Its host '${expanded}' is not an http or https address, so no CLI can connect to it.`;
  return [finding('host-invalid', { ...at, message, mend: addAgain(name, 'URL') })];
}

function secretFindings(
  { name, host }: RegistryEntry,
  at: Place,
  state: KeyState | undefined,
  hasRecord: boolean,
): Finding[] {
  switch (state?.kind) {
    case 'none':
      if (hasRecord) {
        const message = 'Another tool deleted its clusterSecret, which the kit wrote.';
        return [fixable('secret-erased', { ...at, message })];
      }
      return [
        finding('entry-without-secret', {
          ...at,
          message:
            'It has no clusterSecret. Only an open server accepts requests without one, and old CLIs delete such entries when they save the file.',
          mend: addAgain(name, host),
        }),
      ];
    case 'unset':
      return [
        finding('variable-unset', {
          ...at,
          message: 'Its clusterSecret uses a variable that is not set.',
        }),
      ];
    case 'broken':
      return [
        finding('key-broken', {
          ...at,
          message: `Its clusterSecret cannot sign: ${state.reason}.`,
          mend: addAgain(name, host),
        }),
      ];
    case 'escaped':
      return [escaped(at, state.inFile)];
    default:
      return [];
  }
}

function escaped(at: Place, inFile: boolean): Finding {
  const message =
    'Its key has the letters \\n instead of line breaks (an unquoted or single-quoted value), so the CLIs cannot sign with it.';
  if (inFile) return fixable('key-escaped', { ...at, message });
  return finding('key-escaped', { ...at, message: `${message} It comes from a variable.` });
}

const addAgain = (name: string, host: string) =>
  ['clusterkit', 'cluster', 'add', name, '--host', host, '--key-file', 'FILE', '--force'] as const;
