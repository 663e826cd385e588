import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { SEVERITY } from '../../../registry/doctor/finding.js';

const page = await readFile('docs/reference/errors.md', 'utf8');
const documented = (code: string, second: string | number) =>
  page.includes(`| \`${code}\` | ${second} |`);

test('docs/reference/errors.md has every error code, with its exit code', async () => {
  const { stdout } = await execa('git', ['ls-files', '*.ts', ':!test', ':!bench']);
  const sources = await Promise.all(stdout.split('\n').map((file) => readFile(file, 'utf8')));
  const found = sources.flatMap((source) => [
    ...source.matchAll(/(usageError|environmentError)\(\s*'([a-z-]+)'/g),
  ]);
  const missing = found
    .map(([, make, code = '']) => ({ code, exitCode: make === 'usageError' ? 2 : 3 }))
    .filter(({ code, exitCode }) => !documented(code, exitCode) && !documented(code, '2 or 3'));
  expect(missing).toEqual([]);
  expect(found.length).toBeGreaterThan(100);
});

test('docs/reference/errors.md has every finding of doctor, with its severity', () => {
  const missing = Object.entries(SEVERITY).filter(
    ([code, severity]) => !documented(code, severity),
  );
  expect(missing).toEqual([]);
});
