import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasCode } from '../../lib/errors.js';

const PREFIX = 'clusterkit-home-';

/**
 * Runs `work` with a private HOME, for CLIs that have no option for the registry. It has links to all of
 * `home`, except for `.prisma/config.yml`, which is `registry`. It is removed afterwards.
 */
export async function withPrivateHome<T>(
  home: string,
  registry: string,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  await removeDeserted();
  const directory = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  try {
    await chmod(directory, 0o700);
    for (const name of await readdir(home).catch(() => [])) {
      // A file that cannot be linked is missing in the private HOME.
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

/** Removes private homes of killed runs; their name contains the process id. */
async function removeDeserted(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  const deserted = names.filter((name) => {
    const pid = name.startsWith(PREFIX)
      ? Number.parseInt(name.slice(PREFIX.length), 10)
      : Number.NaN;
    return pid > 0 && !isAlive(pid);
  });
  await Promise.all(
    deserted.map((name) =>
      rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined),
    ),
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}
