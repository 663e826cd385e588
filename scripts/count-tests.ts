/** How a run of tests ended. */
export interface TestCounts {
  readonly passed: number;
  /** A file that could not be loaded counts as one. */
  readonly failed: number;
  readonly skipped: number;
}

interface JsonReport {
  readonly testResults?: readonly {
    readonly status?: string;
    readonly assertionResults?: readonly { readonly status?: string }[];
  }[];
}

/** Counts from the report of vitest's json reporter. */
export function countTests(report: unknown): TestCounts {
  const files = (report as JsonReport | null)?.testResults ?? [];
  const statuses = files.flatMap(({ status, assertionResults = [] }) => {
    const own = assertionResults.map((result) => result.status ?? '');
    return status === 'failed' && !own.includes('failed') ? [...own, 'failed'] : own;
  });
  const count = (...wanted: string[]) =>
    statuses.filter((status) => wanted.includes(status)).length;
  return {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('pending', 'skipped', 'todo', 'disabled'),
  };
}

/** The closing line: `12 passed, 0 failed`, `12 passed, 0 failed, 1 skipped`. */
export const closingLine = ({ passed, failed, skipped }: TestCounts) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
