import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * `<pid> <start time>` of the engine that setup started, so that the caller of setup can end it,
 * and never another process with a recycled number. Disappears with the machine.
 */
const RECORD = '/var/run/clusterkit-dockerd';

/** Records an engine. The start time is field 22 of `/proc/<pid>/stat`, in clock ticks. */
export function recordEngine(pid: number): void {
  writeFileSync(RECORD, `${pid} ${startTime(pid)}\n`, { mode: 0o644 });
}

/** Removes the record. */
export function forgetEngine(): void {
  rmSync(RECORD, { force: true });
}

function startTime(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name, field 2, is in parentheses and may contain blanks.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
