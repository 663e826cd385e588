import { environmentError, KitError, type Problem } from '../lib/errors.js';
import type { Part, Progress } from './part.js';

/** Receives the progress of {@link runParts}. */
export interface SetupReport {
  /** The part is ready; nothing was done. */
  found(part: string, detail: string): void;
  /** The part is missing, and is made now. */
  making(part: string, why: string): void;
  made(part: string, detail: string, ms: number): void;
  progress(part: string): Progress;
}

/** Input of {@link runParts}. */
export interface RunPartsProps {
  readonly report: SetupReport;
  /** Excludes other setups of this user before something is made; called at most once. */
  readonly exclude: () => Promise<void>;
  readonly now: () => number;
}

/**
 * Makes missing parts in order: a later part may need an earlier one, and is checked after it.
 * Locks and writes nothing when all parts are ready.
 * @throws KitError `setup-incomplete` (exit 3) with the problems of all parts that cannot be made
 */
export async function runParts(parts: readonly Part[], props: RunPartsProps): Promise<void> {
  const problems: Problem[] = [];
  const failed = new Set<string>();
  let excluded = false;
  const exclude = async () => {
    if (excluded) return false;
    await props.exclude();
    excluded = true;
    return true;
  };
  for (const part of parts) {
    if (part.needs?.some((name) => failed.has(name))) continue;
    try {
      await see(part, props, exclude);
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      failed.add(part.name);
      problems.push(...error.problems.map((problem) => ({ path: part.name, ...problem })));
    }
  }
  if (problems.length > 0) throw environmentError('setup-incomplete', problems);
}

/** @param exclude locks, unless that is done; returns whether it locked now */
async function see(part: Part, { report, now }: RunPartsProps, exclude: () => Promise<boolean>) {
  let finding = await part.check();
  // Another setup may have made it while this one waited.
  if (!finding.right && (await exclude())) finding = await part.check();
  if (finding.right) {
    report.found(part.name, finding.detail);
    return;
  }
  const start = now();
  report.making(part.name, finding.why);
  const detail = await part.make(report.progress(part.name));
  report.made(part.name, detail, now() - start);
}
