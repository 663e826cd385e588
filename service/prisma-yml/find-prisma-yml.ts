import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { usageError } from '../../lib/errors.js';
import { readTextFile } from '../../lib/read-text-file.js';
import { readYaml } from '../../lib/yaml-text.js';

/** Location of a service's prisma.yml, and how a CLI finds it. */
export interface FoundDefinition {
  /** Absolute path of prisma.yml. */
  readonly file: string;
  /** The given directory: where the CLI runs if it finds the file from there. */
  readonly directory: string;
  /**
   * `here`: in the directory; `below`: in `prisma/`, which CLIs from 1.20 on search; `config`: named by
   * a .graphqlconfig; `above`: in a directory further up; `flag`: named by `--project`.
   */
  readonly by: 'here' | 'below' | 'config' | 'above' | 'flag';
}

const CONFIGS = ['.graphqlconfig', '.graphqlconfig.yml', '.graphqlconfig.yaml'];

/**
 * Finds prisma.yml as the CLIs do, in their order. @throws KitError `prisma-yml-missing` (exit 2)
 */
export async function findPrismaYml(directory: string, flag?: string): Promise<FoundDefinition> {
  if (flag !== undefined) {
    const file = resolve(directory, flag);
    if (await isFile(file)) return { file, directory, by: 'flag' };
    throw missing(`there is no ${file}`);
  }
  const here = join(directory, 'prisma.yml');
  if (await isFile(here)) return { file: here, directory, by: 'here' };
  const below = join(directory, 'prisma', 'prisma.yml');
  if (await isFile(below)) return { file: below, directory, by: 'below' };
  for (const above of upFrom(directory)) {
    for (const name of CONFIGS) {
      const file = await namedBy(join(above, name));
      if (file !== undefined) return { file, directory, by: 'config' };
    }
  }
  for (const above of upFrom(directory)) {
    const file = join(above, 'prisma.yml');
    if (await isFile(file)) return { file, directory, by: 'above' };
  }
  throw missing(`no prisma.yml in ${directory}, in its folder prisma/, or further up`);
}

/** `directory` and all those above it. */
export function upFrom(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...upFrom(parent)];
}

/** Is `path` a file? */
export const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );

async function namedBy(config: string): Promise<string | undefined> {
  try {
    const { document, problems } = readYaml(await readTextFile(config));
    if (document === undefined || problems.length > 0) return undefined;
    const { extensions, projects } = document.toJS() as GraphqlConfig;
    const all = [extensions, ...Object.values(projects ?? {}).map((each) => each.extensions)];
    const path = all.find((each) => typeof each?.prisma === 'string')?.prisma;
    const file = path === undefined ? undefined : resolve(dirname(config), path);
    return file !== undefined && (await isFile(file)) ? file : undefined;
  } catch {
    return undefined;
  }
}

interface GraphqlConfig {
  readonly extensions?: { readonly prisma?: string };
  readonly projects?: Readonly<Record<string, { extensions?: { readonly prisma?: string } }>>;
}

const missing = (message: string) =>
  usageError('prisma-yml-missing', {
    message,
    hint: 'Pass the directory of the service (clusterkit deploy DIR), or its file: --project FILE.',
  });
