import type { Progress } from '../cluster/context.js';

/** A step of a command that has ended, and its duration. Stable: `--json` shows it. */
export interface StepTime {
  readonly step: string;
  readonly ms: number;
}

/** Runs the named steps of a command, one after the other, and measures each. */
export class Steps {
  readonly times: StepTime[] = [];

  constructor(private readonly progress: Pick<Progress, 'detail'>) {}

  /** Runs one step. A step that fails is not recorded. */
  async run<T>(step: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const result = await work();
    const ms = Math.round(performance.now() - startedAt);
    this.times.push({ step, ms });
    this.progress.detail(`${step} (${(ms / 1000).toFixed(1)} s)`);
    return result;
  }
}
