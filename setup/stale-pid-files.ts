import { readFile, rm } from 'node:fs/promises';

/** Pid files of the engine and of its containerd. */
const PID_FILES = ['/var/run/docker.pid', '/var/run/docker/containerd/containerd.pid'];

/**
 * Removes pid files of an engine that was killed. A new engine takes any process with that number
 * for a running engine and refuses to start, and numbers are reused after a restart.
 */
export async function removeStalePidFiles(
  paths: readonly string[] = PID_FILES,
  proc = '/proc',
): Promise<void> {
  for (const path of paths) {
    const pid = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10);
    if (Number.isNaN(pid)) continue;
    const name = await readFile(`${proc}/${pid}/comm`, 'utf8').catch(() => '');
    if (!/^(dockerd|containerd)\n?$/.test(name)) await rm(path, { force: true });
  }
}
