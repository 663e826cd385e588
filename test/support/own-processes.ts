import { readdir, readFile, readlink } from 'node:fs/promises';

/** A process as /proc tells it. */
export interface RunningProcess {
  readonly pid: number;
  /** Arguments, joined by blanks. */
  readonly command: string;
}

/** Processes that work in `directory` or name it in their arguments: those that a test started. */
export async function processesOf(directory: string): Promise<RunningProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(
    pids.map(async (pid) => {
      const [text, cwd] = await Promise.all([
        readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
        readlink(`/proc/${pid}/cwd`).catch(() => ''),
      ]);
      return { pid, cwd, command: text.replaceAll('\0', ' ').trim() };
    }),
  );
  return all.filter(
    ({ pid, cwd, command }) =>
      pid !== process.pid && (cwd.startsWith(directory) || command.includes(directory)),
  );
}

/** Kills them, one by one by their id. Gone already is done. */
export async function killProcessesOf(directory: string): Promise<void> {
  for (const { pid } of await processesOf(directory)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended in between.
    }
  }
}

/** Looks at the arguments of all processes of the machine, again and again. */
export function watchProcesses(intervalMs: number): {
  stop(): Promise<{ readonly text: string; readonly samples: number }>;
} {
  const seen = new Set<string>();
  let running = true;
  let samples = 0;
  const work = (async () => {
    while (running) {
      const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
      const texts = await Promise.all(
        pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')),
      );
      for (const text of texts) seen.add(text.replaceAll('\0', ' '));
      samples += 1;
      await new Promise((resolve) => setTimeout(resolve, intervalMs));
    }
  })();
  return {
    async stop() {
      running = false;
      await work;
      return { text: [...seen].join('\n'), samples };
    },
  };
}
