import { expandVariables } from '../file/expand-variables.js';
import type { RegistryEntry } from '../file/read-registry.js';
import type { DoctorFacts } from './doctor-facts.js';
import { type Finding, finding, fixable } from './finding.js';
import type { KeyState } from './key-state.js';

/** What is wrong with the entries as they are written, each for itself. */
export function entryFindings({ file, content, owned, env, keys }: DoctorFacts): Finding[] {
  if (content.state !== 'sound') return [];
  const { entries, broken } = content.registry;
  return [
    ...broken.map(({ name, line }) =>
      finding('entry-without-host', {
        path: `${file}:${line}`,
        entry: name,
        message: 'It has no host. The CLIs up to 1.8 stop working at such a file.',
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
    const message = `Its host '${host}' names a variable that is not set here.`;
    return [finding('variable-unset', { ...at, message })];
  }
  if (URL.canParse(expanded) && /^https?:/i.test(expanded)) return [];
  const message = `Its host '${expanded}' is no http or https address, so no CLI reaches it.`;
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
        const message = 'Its clusterSecret, which the kit wrote, was erased by another tool.';
        return [fixable('secret-erased', { ...at, message })];
      }
      return [
        finding('entry-without-secret', {
          ...at,
          message:
            'It has no clusterSecret: only an open server takes calls without one, and old CLIs drop such entries when they save the file.',
          mend: addAgain(name, host),
        }),
      ];
    case 'unset':
      return [
        finding('variable-unset', {
          ...at,
          message: 'Its clusterSecret names a variable that is not set here.',
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
    'The line breaks of its key are written out as backslashes (an unquoted or single-quoted value), and the CLIs fail at signing with it.';
  if (inFile) return fixable('key-escaped', { ...at, message });
  return finding('key-escaped', { ...at, message: `${message} It comes from a variable.` });
}

const addAgain = (name: string, host: string) =>
  ['clusterkit', 'cluster', 'add', name, '--host', host, '--key-file', 'FILE', '--force'] as const;
