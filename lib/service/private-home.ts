import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs `work` with a HOME of its own: all of `home` by links, but for `.prisma/config.yml`, which is
 * `registry`. It is gone afterwards. For CLIs that know no other way to be given a registry.
 */
export async function withPrivateHome<T>(
  home: string,
  registry: string,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'clusterkit-home-'));
  try {
    await chmod(directory, 0o700);
    for (const name of await readdir(home).catch(() => [])) {
      // One that cannot be linked is one that is missing.
      if (name !== '.prisma')
        await symlink(join(home, name), join(directory, name)).catch(() => {});
    }
    await mkdir(join(directory, '.prisma'), { mode: 0o700 });
    await writeFile(join(directory, '.prisma', 'config.yml'), registry, { mode: 0o600 });
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
