import { execa } from 'execa';

/** Milliseconds that `work` took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** Runs a command to its end; its output only matters when it fails. */
export async function runQuietly(argv: readonly string[], cwd: string, env = process.env) {
  const [file = '', ...rest] = argv;
  await execa(file, rest, { cwd, env, extendEnv: false, stdin: 'ignore', all: true });
}
