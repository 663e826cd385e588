#!/usr/bin/env node
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closingLine, countTests, type TestCounts } from './count-tests.js';
import { type TestStream, testStreams } from './test-streams.js';

/** The second half of scripts/test: vitest, then its counts alone on the last line. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'clusterkit-test-'));
const running = new Set<ChildProcess>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    for (const vitest of running) vitest.kill(signal);
  });
}

const all = await Promise.all(testStreams(process.argv[2]).map(run));
rmSync(scratch, { recursive: true, force: true });
const sum = (what: keyof TestCounts) => all.reduce((total, counts) => total + counts[what], 0);
const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
process.stdout.write(`${closingLine(total)}\n`);
process.exitCode = total.failed > 0 ? 1 : 0;

async function run({ name, argv, env }: TestStream): Promise<TestCounts> {
  const reportFile = join(scratch, `${name}.json`);
  const vitest = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...argv,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
    ],
    { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  running.add(vitest);
  const [code] = (await once(vitest, 'exit')) as [number | null];
  running.delete(vitest);
  const counts = countTests(readReport(reportFile));
  // vitest also fails on errors outside any test: they must not hide behind green counts.
  const failed = code === 0 || counts.failed > 0 ? counts.failed : 1;
  const ranNone = counts.passed + failed === 0;
  return { ...counts, failed: ranNone ? 1 : failed };
}

function readReport(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
