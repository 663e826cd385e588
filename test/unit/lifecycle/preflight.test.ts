import { expect, test } from 'vitest';
import { environmentError } from '../../../lib/errors.js';
import { openRun } from '../../../lifecycle/cluster-run.js';
import { preflight } from '../../../lifecycle/preflight.js';
import { TARGETS } from '../../../targets/all.js';
import { parseClusters } from '../../../targets/clusters-file/read.js';
import type { Target } from '../../../targets/target.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { testContext } from '../../support/test-context.js';

const cluster = (port?: number) =>
  `{ target: docker, ${port ? `port: ${port}, ` : ''}server: { image: "prismagraphql/prisma:1.8" }, database: { connector: postgres, image: "postgres:10" } }`;

/** The docker target, whose own checks find what `found` says. */
const targetsWith = (found: () => Promise<never> | Promise<unknown>): readonly Target[] =>
  TARGETS.map((each) =>
    each.runsHere ? { ...each, preflight: found as unknown as Target['preflight'] } : each,
  );

async function runOn(text: string, name: string, targets: readonly Target[]) {
  const clusters = parseClusters(`clusters:\n${text}`, 'clusters.yml');
  return openRun(await testContext({ cluster: name }), clusters, undefined, targets);
}

const findings = { missingImages: [], engine: undefined, warnings: [] };

test.each([
  ['the same number', 5000, 5000],
  ['the default, once written out', undefined, 4466],
])('two clusters on one port: %s, found at either of them', async (_, one, two) => {
  const text = `  one: ${cluster(one)}\n  two: ${cluster(two)}\n  three: ${cluster(6000)}\n`;
  const targets = targetsWith(async () => findings);
  for (const [name, other] of [
    ['one', 'two'],
    ['two', 'one'],
  ] as const) {
    const run = await runOn(text, name, targets);
    expect(await kitErrorOf(() => preflight(run))).toMatchObject({
      code: 'port-shared',
      exitCode: 2,
      problems: [
        {
          path: `clusters.${name}.port`,
          message: `is ${two}, and so is clusters.${other}.port`,
        },
      ],
    });
  }
  expect(await preflight(await runOn(text, 'three', targets))).toBe(findings);
});

test('applications have ports of their own on this machine, too', async () => {
  const apps = (port: number) =>
    `${cluster(port).slice(0, -1)}, apps: { web: { image: nginx, port: ${port + 1} } } }`;
  const text = `  one: ${apps(5000)}\n  two: ${apps(5001)}\n  three: ${apps(4999)}\n  four: ${apps(6000)}\n`;
  const targets = targetsWith(async () => findings);
  const error = await kitErrorOf(async () => preflight(await runOn(text, 'one', targets)));
  expect(error).toMatchObject({ code: 'port-shared', exitCode: 2 });
  expect(error.problems.map(({ path, message }) => `${path} ${message}`)).toEqual([
    'clusters.one.port is 5000, and so is clusters.three.apps.web.port',
    'clusters.one.apps.web.port is 5001, and so is clusters.two.port',
  ]);
  expect(await preflight(await runOn(text, 'four', targets))).toBe(findings);
});

test('together with what the target finds', async () => {
  const text = `  one: ${cluster()}\n  two: ${cluster()}\n`;
  const targets = targetsWith(async () => {
    throw environmentError('name-taken', { path: 'clusters.one', message: 'a volume' });
  });
  const error = await kitErrorOf(async () => preflight(await runOn(text, 'one', targets)));
  expect(error.problems.map(({ path }) => path)).toEqual(['clusters.one.port', 'clusters.one']);
});
