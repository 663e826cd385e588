import { execa } from 'execa';

/** Duration of `work` in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** The median of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** Runs a command to its end; shows its output only when it fails. */
export async function runQuietly(argv: readonly string[], cwd: string, env = process.env) {
  const [file = '', ...rest] = argv;
  await execa(file, rest, { cwd, env, extendEnv: false, stdin: 'ignore', all: true });
}
