import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Packages in a file system mirror, as `<host>/<namespace>/<type>/<version>/<platform>`. */
export async function packagesIn(mirror: string, depth = 5): Promise<string[]> {
  if (depth === 0) return [''];
  const names = await readdir(mirror).catch(() => []);
  const below = await Promise.all(names.map((name) => packagesIn(join(mirror, name), depth - 1)));
  return names.flatMap((name, i) => (below[i] ?? []).map((path) => join(name, path)));
}
