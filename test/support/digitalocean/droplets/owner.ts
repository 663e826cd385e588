import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

/** On every container, volume and network of the droplets: which run made it. */
export const RUN_LABEL = 'dev.clusterkit.test.droplets';

/** Beside it: the process that made it, as {@link ownerOf} writes it. */
export const OWNER_LABEL = 'dev.clusterkit.test.owner';

/** Name and labels of a new run that ends with a process. */
export const newRun = (pid: number) => {
  const run = `ck-test-${randomBytes(4).toString('hex')}`;
  return { run, labels: { [RUN_LABEL]: run, [OWNER_LABEL]: ownerOf(pid) } };
};

/** `<process namespace> <pid> <start time>`: no other process is ever called so until a reboot. */
export function ownerOf(pid: number): string {
  return `${readlinkSync('/proc/self/ns/pid')} ${pid} ${startTime(pid)}`;
}

/** Whether that process has ended. `false` for one of another namespace, where we cannot see it. */
export function hasEnded(owner: string): boolean {
  const [namespace, pid, start] = owner.split(' ');
  return namespace === readlinkSync('/proc/self/ns/pid') && startTime(Number(pid)) !== start;
}

/** In ticks after boot; empty when there is no such process. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in parentheses that may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
