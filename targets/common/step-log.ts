/** A step of a stage that has ended. */
export interface StepEnd {
  readonly step: string;
  /** `already so` when there was nothing to do. */
  readonly outcome: string;
  readonly ms: number;
  /** Bytes sent from this machine. @default - none */
  readonly bytes?: number;
}

/** Called at the end of each step. */
export type OnStep = (end: StepEnd) => void;

/** `images: copied, 94.3 MB at 19.0 MB/s (5.0 s)`. */
export function stepLine({ step, outcome, ms, bytes = 0 }: StepEnd): string {
  const [seconds, megabytes] = [ms / 1000, bytes / 1e6];
  const sent =
    bytes === 0
      ? ''
      : `, ${megabytes.toFixed(1)} MB at ${(megabytes / Math.max(seconds, 0.001)).toFixed(1)} MB/s`;
  return `${step}: ${outcome}${sent} (${seconds.toFixed(1)} s)`;
}

/** Measures the steps of a stage, one after the other. */
export class StepLog {
  private since = performance.now();

  constructor(private readonly onStep: OnStep = () => {}) {}

  /** Ends a step, which started at the end of the previous one. */
  done(step: string, outcome: string, bytes = 0): void {
    const now = performance.now();
    this.onStep({ step, outcome, ms: now - this.since, bytes });
    this.since = now;
  }
}
