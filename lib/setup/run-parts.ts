import type { Finding, Part, Progress } from './part.js';

/** Where {@link runParts} tells how it goes. */
export interface SetupReport {
  /** Found right; nothing was done. */
  found(part: string, detail: string): void;
  /** Missing, and about to be made. */
  making(part: string, why: string): void;
  made(part: string, detail: string, ms: number): void;
  progress(part: string): Progress;
}

/** What {@link runParts} takes. */
export interface RunPartsProps {
  readonly report: SetupReport;
  /** Keeps other setups of this user out while something is made; called at most once. */
  readonly exclude: () => Promise<void>;
  readonly now: () => number;
}

/**
 * Makes what is missing, in order: a later part may need an earlier one, and is looked at after it.
 * When all is right, nothing is locked and nothing written.
 */
export async function runParts(parts: readonly Part[], props: RunPartsProps): Promise<void> {
  const { report, exclude, now } = props;
  let excluded = false;
  for (const part of parts) {
    let finding = await part.check();
    if (!finding.right && !excluded) {
      await exclude();
      excluded = true;
      // Another setup may have made it while this one waited.
      finding = await part.check();
    }
    if (finding.right) report.found(part.name, finding.detail);
    else await make(part, finding, report, now);
  }
}

async function make(
  part: Part,
  finding: Finding & { right: false },
  report: SetupReport,
  now: () => number,
) {
  const start = now();
  report.making(part.name, finding.why);
  const detail = await part.make(report.progress(part.name));
  report.made(part.name, detail, now() - start);
}
