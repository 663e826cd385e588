import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Ends provider processes that a killed Terraform left in `directory`; nothing else ends them.
 * Finds them in /proc, and does nothing on systems without it.
 *
 * @returns the number of ended processes
 */
export async function endOrphanProviders(directory: string): Promise<number> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const orphans = await Promise.all(pids.map((pid) => isOrphan(pid, directory)));
  const ended = pids.filter((_, i) => orphans[i]);
  for (const pid of ended) {
    try {
      process.kill(Number(pid), 'SIGTERM');
    } catch {
      // The process ended meanwhile.
    }
  }
  return ended.length;
}

async function isOrphan(pid: string, directory: string): Promise<boolean> {
  try {
    if ((await readlink(join('/proc', pid, 'cwd'))) !== directory) return false;
    const command = await readFile(join('/proc', pid, 'cmdline'), 'utf8');
    if (!/terraform-provider-[^/]*$/.test(command.split('\0')[0] ?? '')) return false;
    return !(await isTerraform(parentOf(await readFile(join('/proc', pid, 'stat'), 'utf8'))));
  } catch {
    return false;
  }
}

/** Fourth field of /proc/<pid>/stat; the second is in parentheses and may contain anything. */
export const parentOf = (stat: string) => stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '';

const isTerraform = async (pid: string) =>
  /^(terraform|tofu)/.test(await readFile(join('/proc', pid, 'comm'), 'utf8').catch(() => ''));
