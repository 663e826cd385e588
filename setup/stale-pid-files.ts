import { readFile, rm } from 'node:fs/promises';

/** Pid files of the engine and of the containerd that it brings along. */
const PID_FILES = ['/var/run/docker.pid', '/var/run/docker/containerd/containerd.pid'];

/**
 * Removes pid files of an engine that was killed. It takes any living process of that number for
 * itself and refuses to start, and after a crash or a restored machine numbers come round again.
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
