#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closingLine, countTests } from './count-tests.js';

/** The second half of scripts/test: vitest, then its counts alone on the last line. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'clusterkit-test-'));
const reportFile = join(scratch, 'report.json');
const kinds = process.argv.slice(2).flatMap((kind) => ['--project', kind]);
const vitest = spawn(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...kinds,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
  ],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => vitest.kill(signal));

const [code] = (await once(vitest, 'exit')) as [number | null];
const counts = countTests(readReport());
rmSync(scratch, { recursive: true, force: true });
// vitest also fails on errors outside any test: they must not hide behind green counts.
const failed = code === 0 || counts.failed > 0 ? counts.failed : 1;
const ranNone = counts.passed + failed === 0;
process.stdout.write(`${closingLine({ ...counts, failed: ranNone ? 1 : failed })}\n`);
process.exitCode = failed > 0 || ranNone ? 1 : 0;

function readReport(): unknown {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8'));
  } catch {
    return undefined;
  }
}
