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

/** What {@link watchProcesses} saw. */
export interface SeenProcesses {
  /** Arguments of every process, one to a line. */
  readonly text: string;
  /** Environments, as `<program>: NAME=value` lines. */
  readonly environments: string;
  readonly samples: number;
}

/** Looks at arguments and environments of all processes of the machine, again and again. */
export function watchProcesses(intervalMs: number): { stop(): Promise<SeenProcesses> } {
  const commands = new Set<string>();
  const environments = new Set<string>();
  let running = true;
  let samples = 0;
  const read = (pid: string, what: string) =>
    readFile(`/proc/${pid}/${what}`, 'latin1').catch(() => '');
  const work = (async () => {
    while (running) {
      const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
      await Promise.all(
        pids.map(async (pid) => {
          const command = await read(pid, 'cmdline');
          const environment = await read(pid, 'environ');
          commands.add(command.replaceAll('\0', ' '));
          // In the moment of its start a process has the environment of one program, and the name of
          // another or none.
          if (command === '' || (await read(pid, 'cmdline')) !== command) return;
          const program = command.split('\0')[0] ?? '';
          for (const line of environment.split('\0')) environments.add(`${program}: ${line}`);
        }),
      );
      samples += 1;
      await new Promise((resolve) => setTimeout(resolve, intervalMs));
    }
  })();
  return {
    async stop() {
      running = false;
      await work;
      return {
        text: [...commands].join('\n'),
        environments: [...environments].join('\n'),
        samples,
      };
    },
  };
}
