import { resolve } from 'node:path';
import { isMap, isScalar } from 'yaml';
import { EXIT } from '../../lib/errors.js';
import { readTextFile } from '../../lib/read-text-file.js';
import { readYaml } from '../../lib/yaml-text.js';
import { listBackups } from '../../registry/file/backups.js';
import { readRegistry } from '../../registry/file/read-registry.js';
import { registryFiles } from '../../registry/file/registry-files.js';
import type { Context, SharedOptions } from '../context.js';
import { registryInputs } from './inputs.js';

/** The kind of names to print. */
export type NameKind = 'registry' | 'settings' | 'apps' | 'backups';

/**
 * `clusterkit __complete-names KIND [CLUSTER]`, which completion scripts call: prints names, one a line. It asks
 * no server, and prints no errors: they would disturb the command line that a person is typing.
 */
export async function completeNames(
  context: Context,
  _: SharedOptions,
  kind: NameKind,
  cluster?: string,
): Promise<number> {
  const names = await namesOf(kind, context, cluster).catch(() => []);
  const shown = names.filter((name) => !/\p{Cc}/u.test(name));
  if (shown.length > 0) context.report.say(shown.join('\n'));
  context.report.json(shown);
  return EXIT.done;
}

async function namesOf(
  kind: NameKind,
  context: Context,
  cluster: string | undefined,
): Promise<string[]> {
  if (kind === 'settings') return keysOf(context, ['clusters']);
  if (kind === 'apps') return cluster ? keysOf(context, ['clusters', cluster, 'apps']) : [];
  const { registry } = registryInputs(context, 'completion');
  if (kind === 'registry') {
    const { entries, broken } = await readRegistry(registry);
    return [...entries, ...broken].map(({ name }) => name);
  }
  return (await listBackups((await registryFiles(registry)).backups)).map(({ id }) => id);
}

/** The keys of a part of clusters.yml, whether the rest of it is valid or not. */
async function keysOf({ cwd, configFile }: Context, path: readonly string[]): Promise<string[]> {
  const text = await readTextFile(resolve(cwd, configFile));
  const part = readYaml(text).document?.getIn(path);
  if (!isMap(part)) return [];
  return part.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : []));
}
