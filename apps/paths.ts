import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { AppSettings } from '../cluster/settings/apps/settings.js';
import { hasCode, type Problem } from '../lib/errors.js';

/** Problems of the files and directories that applications are made from. @param configFile absolute */
export async function pathProblems(
  { name, source, service }: Pick<AppSettings, 'name' | 'source' | 'service'>,
  configFile: string,
): Promise<Problem[]> {
  const look = (key: string, path: string, needed: Needed) =>
    problemOf(`apps.${name}.${key}`, resolve(dirname(configFile), path), needed);
  return [
    ...(source.kind === 'build' ? await look('build', source.directory, BUILD) : []),
    ...(source.kind === 'function' ? await look('function', source.path, FUNCTION) : []),
    ...(service && 'directory' in service
      ? await look('service.directory', service.directory, SERVICE)
      : []),
  ];
}

/** What a path must lead to. */
interface Needed {
  readonly what: string;
  /** It may also be a file. */
  readonly file?: true;
  /** Files of which a directory must have one. @default - none */
  readonly inside?: readonly string[];
}

const BUILD: Needed = { what: 'a directory with a Dockerfile', inside: ['Dockerfile'] };
const FUNCTION: Needed = {
  what: 'a directory with a package.json or index.js, or a file',
  file: true,
  inside: ['package.json', 'index.js', 'function.js'],
};
const SERVICE: Needed = { what: 'the directory of a prisma.yml' };

async function problemOf(path: string, place: string, needed: Needed): Promise<Problem[]> {
  const { what, file, inside } = needed;
  const found = await kindOf(place);
  const problem = (message: string) => [
    { path, message, hint: `Name ${what}; the path is relative to clusters.yml.` },
  ];
  if (typeof found === 'object') return problem(`${place} cannot be read: ${found.message}`);
  if (found === 'none') return problem(`${place} does not exist`);
  if (found === 'other') return problem(`${place} is neither a file nor a directory`);
  if (found === 'file') return file ? [] : problem(`${place} is a file`);
  if (inside === undefined) return [];
  const files = await Promise.all(inside.map((name) => kindOf(join(place, name))));
  return files.includes('file') ? [] : problem(`${place} has no ${inside.join(' or ')}`);
}

async function kindOf(path: string): Promise<'file' | 'directory' | 'other' | 'none' | Error> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return 'directory';
    return found.isFile() ? 'file' : 'other';
  } catch (error) {
    return hasCode(error, 'ENOENT', 'ENOTDIR') ? 'none' : (error as Error);
  }
}
