import type { ResultPromise } from 'execa';
import { processesOf } from './own-processes.js';
import type { TestProject } from './test-project.js';

/** Something that comes true while the kit runs. */
export type Milestone = () => boolean | Promise<boolean>;

/**
 * Starts the kit and kills it -9 as soon as `milestone` comes true: alone, or with Terraform, its
 * provider and the stages. `reached` is false when the run ended before.
 */
export async function cutAt(
  project: Pick<TestProject, 'directory'>,
  start: () => Pick<ResultPromise<{ all: true }>, 'pid' | 'all' | 'exitCode'> &
    PromiseLike<unknown>,
  milestone: Milestone,
  who: 'kit' | 'all' = 'all',
): Promise<{ readonly reached: boolean; readonly said: string }> {
  const run = start();
  let said = '';
  let ended = false;
  run.all?.on('data', (chunk: Buffer) => {
    said += String(chunk);
  });
  const end = Promise.resolve(run).then(() => {
    ended = true;
  });
  let reached = false;
  while (!ended && !reached) {
    reached = await milestone();
    if (!reached) await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 20))]);
  }
  if (reached) {
    killQuietly(run.pid ?? 0);
    if (who === 'all') {
      for (const { pid } of await processesOf(project.directory)) killQuietly(pid);
    }
  }
  await end;
  return { reached, said };
}

function killQuietly(pid: number): void {
  try {
    if (pid > 0) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
