/** Something under way: it ends when its time has come and its work is done, whichever is later. */
export interface Task {
  /** Milliseconds on the schedule's clock. `Infinity`: never. */
  readonly dueAt: number;
  /** What really has to be done meanwhile. */
  readonly work: () => Promise<void>;
  /** Called once, at the first look after the end; `error` when the work failed. */
  readonly finish: (error: Error | undefined) => void;
}

/** Tasks that end by being looked at: no timers, so that a test may turn the clock. */
export interface Schedule {
  /**
   * Starts the work at once. Work of one `line` is done one after the other; `undefined` is no line.
   */
  begin(task: Task, line?: string): void;
  /** Ends what is due and done. Every request looks first. */
  look(): void;
  /** Until no work is under way; says nothing about times. */
  idle(): Promise<void>;
}

/** A {@link Schedule} on the clock `now` (milliseconds). */
export function schedule(now: () => number): Schedule {
  const open = new Set<{ task: Task; outcome: { error: Error | undefined } | undefined }>();
  const lines = new Map<string, Promise<void>>();
  const working = new Set<Promise<void>>();
  return {
    begin: (task, line) => {
      const entry: { task: Task; outcome: { error: Error | undefined } | undefined } = {
        task,
        outcome: undefined,
      };
      open.add(entry);
      const before = (line && lines.get(line)) || Promise.resolve();
      const work = before.then(task.work).then(
        () => {
          entry.outcome = { error: undefined };
        },
        (cause: unknown) => {
          entry.outcome = { error: cause instanceof Error ? cause : new Error(String(cause)) };
        },
      );
      if (line) lines.set(line, work);
      working.add(work);
      void work.finally(() => working.delete(work));
    },
    look: () => {
      for (const entry of open) {
        if (!entry.outcome || entry.task.dueAt > now()) continue;
        open.delete(entry);
        entry.task.finish(entry.outcome.error);
      }
    },
    idle: async () => {
      while (working.size > 0) await Promise.all(working);
    },
  };
}
