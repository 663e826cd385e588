#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closingLine, countTests } from './count-tests.js';
import { slowTests } from './slow-tests.js';

/** The second half of scripts/test: vitest, what was slow, and the counts alone on the last line. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'clusterkit-test-'));
const reportFile = join(scratch, 'report.json');
const kind = process.argv[2];
const vitest = spawn(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...(kind === undefined ? [] : ['--project', kind]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
  ],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => vitest.kill(signal));
const [code] = (await once(vitest, 'exit')) as [number | null];
const report = readReport();
rmSync(scratch, { recursive: true, force: true });

const counts = countTests(report);
// vitest also fails on errors outside any test, and where nothing ran: green counts must not hide it.
const failed = code === 0 && counts.passed > 0 ? counts.failed : Math.max(counts.failed, 1);
process.stdout.write(`\n${slowTests(report, root)}${closingLine({ ...counts, failed })}\n`);
process.exitCode = failed > 0 ? 1 : 0;

function readReport(): unknown {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8'));
  } catch {
    return undefined;
  }
}
