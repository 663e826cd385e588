import { relative } from 'node:path';

interface JsonReport {
  readonly testResults?: readonly {
    readonly name: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults?: readonly {
      readonly fullName: string;
      /** Missing where a test was skipped. */
      readonly duration?: number | null;
    }[];
  }[];
}

interface Timed {
  readonly name: string;
  readonly ms: number;
}

/**
 * The slowest files and tests as a table, from the report of vitest's json reporter; empty without
 * a report.
 *
 * @param root what paths are relative to
 * @param most rows of each kind. @default 15
 */
export function slowTests(report: unknown, root: string, most = 15): string {
  const results = (report as JsonReport | null)?.testResults ?? [];
  const files = results.map(({ name, startTime, endTime }) => ({
    name: relative(root, name),
    ms: endTime - startTime,
  }));
  const tests = results.flatMap(({ name, assertionResults = [] }) =>
    assertionResults.map(({ fullName, duration }) => ({
      name: `${relative(root, name)} > ${fullName}`,
      ms: duration ?? 0,
    })),
  );
  return [...table('Slowest files', files, most), ...table('Slowest tests', tests, most)].join('');
}

function table(title: string, all: readonly Timed[], most: number): string[] {
  const slowest = all.toSorted((a, b) => b.ms - a.ms).slice(0, most);
  const rows = slowest.map(({ name, ms }) => `${(ms / 1000).toFixed(1).padStart(8)} s  ${name}\n`);
  return rows.length === 0 ? [] : [`${title}\n`, ...rows, '\n'];
}
