import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { plannedChanges } from '../../../clients/terraform/events.js';
import { runTerraform } from '../../../clients/terraform/run-terraform.js';
import { cacheDirectory, projectOf, stateFile } from '../../../cluster/project.js';
import { openRun } from '../../../lifecycle/cluster-run.js';
import { parseClusters } from '../../../targets/clusters-file/read.js';
import { attemptOf } from '../../../targets/common/attempt.js';
import { stageProgram } from '../../../targets/common/stack-place.js';
import { openWorkspace, requireStateOf } from '../../../targets/common/workspace.js';
import { placesOf } from '../../../targets/context.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const STATES = join(import.meta.dirname, '../../fixtures/states');
const DATABASE = 'database: { connector: postgres, image: clusterkit/postgres:15 }';

/**
 * What the kit plans for a state that version 0.1.0 left, as recorded then: `HOME` and `PROJECT` stand
 * for two directories. Nothing is refreshed, so no object has to exist.
 */
async function planFor(recording: string, cluster: string, settings: string) {
  const directory = await temporaryDirectory();
  const project = projectOf('clusters.yml', directory);
  const clusters = parseClusters(`clusters:\n  ${cluster}: {${settings}, ${DATABASE}}`, 'test');
  const recorded = await readFile(join(STATES, `${recording}.tfstate`), 'utf8');
  await mkdir(join(project.stateDir, 'state'), { recursive: true });
  await writeFile(
    stateFile(project.stateDir, cluster),
    recorded.replaceAll('HOME', directory).replaceAll('PROJECT', directory),
  );
  const env = { PATH: process.env.PATH, HOME: directory };
  const run = openRun(
    {
      cluster,
      project,
      registry: join(directory, '.prisma/config.yml'),
      env,
      cacheDir: cacheDirectory(process.env, homedir()),
      progress: { done: () => {}, detail: () => {}, warn: () => {} },
      signal: new AbortController().signal,
      command: 'test',
    },
    clusters,
  );
  const { target, context } = run;
  const state = await requireStateOf(context);
  const stack = await target.stack(run.settings, {
    places: placesOf(context, attemptOf(state)),
    program: stageProgram(),
    env,
    state,
    refusal: undefined,
  });
  const workspace = await openWorkspace(context, stack);
  const argv = ['plan', '-json', '-input=false', '-refresh=false'];
  const { events, exitCode, text } = await runTerraform(argv, workspace);
  expect(text).toBe('');
  expect(exitCode).toBe(0);
  return plannedChanges(events).map(({ address, action }) => `${action} ${address}`);
}

const server = (version: string) =>
  `server: { image: clusterkit/dev-server:0.1.0, version: "${version}" }`;

test('a plain cluster on this machine', async () => {
  const settings = `target: docker, port: 4571, ${server('1.8')}`;
  expect(await planFor('docker-plain', 'old', settings)).toEqual([]);
});

test('a development cluster on this machine', async () => {
  const settings = `target: docker, port: 4572, kind: development, ${server('1.34')}`;
  expect(await planFor('docker-development', 'olddev', settings)).toEqual([]);
});
