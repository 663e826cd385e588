import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { plannedChanges } from '../../../clients/terraform/events.js';
import { runTerraform, type TerraformRun } from '../../../clients/terraform/run-terraform.js';
import { currentOf, managedIn, type State } from '../../../clients/terraform/state/state.js';
import { cacheDirectory, projectOf, stateFile } from '../../../cluster/project.js';
import { type ClusterRun, openRun } from '../../../lifecycle/cluster-run.js';
import type { BuildStack } from '../../../stacks/common/synthesize.js';
import { parseClusters } from '../../../targets/clusters-file/read.js';
import { attemptOf } from '../../../targets/common/attempt.js';
import { stageProgram } from '../../../targets/common/stack-place.js';
import { openWorkspace, requireStateOf } from '../../../targets/common/workspace.js';
import { stackPlacesOf } from '../../../targets/context.js';
import { placeholderBoot } from '../../../targets/droplet/machine/boot-inputs.js';
import type { DropletSettings } from '../../../targets/droplet/settings.js';
import { stackOf as dropletStackOf } from '../../../targets/droplet/stack.js';
import { mirrorConfig } from '../../support/digitalocean/mirror-config.js';
import { standInProvider } from '../../support/digitalocean/provider.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const STATES = join(import.meta.dirname, '../../fixtures/states');
const DATABASE = 'database: { connector: postgres, image: clusterkit/postgres:15 }';

/**
 * What the kit plans for a state that version 0.1.0 left, as recorded then: `HOME` and `PROJECT` stand
 * for two directories. Nothing is refreshed, so no object has to exist.
 */
async function planFor(
  recording: string,
  cluster: string,
  settings: string,
  { env: custom = {}, stackOf = targetStack }: Partial<PlanOptions> = {},
) {
  const directory = await temporaryDirectory();
  const project = projectOf('clusters.yml', directory);
  const clusters = parseClusters(`clusters:\n  ${cluster}: {${settings}, ${DATABASE}}`, 'test');
  const recorded = await readFile(join(STATES, `${recording}.tfstate`), 'utf8');
  await mkdir(join(project.stateDir, 'state'), { recursive: true });
  await writeFile(
    stateFile(project.stateDir, cluster),
    recorded.replaceAll('HOME', directory).replaceAll('PROJECT', directory),
  );
  const env = { PATH: process.env.PATH, HOME: directory, ...custom };
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
  const stack = await stackOf(run, await requireStateOf(run.context));
  const workspace = await openWorkspace(run.context, stack);
  const argv = ['plan', '-json', '-input=false', '-refresh=false', '-out=plan'];
  const { events, exitCode, text } = await runTerraform(argv, workspace);
  expect(text).toBe('');
  expect(exitCode).toBe(0);
  return {
    changes: plannedChanges(events).map(({ address, action }) => `${action} ${address}`),
    attributes: await changedAttributes(workspace),
  };
}

/** Which attributes of containers a plan changes, of those that are known before it is applied. */
async function changedAttributes(run: TerraformRun) {
  interface Change {
    readonly address: string;
    readonly type: string;
    readonly change: Record<'before' | 'after' | 'after_unknown', Record<string, unknown>>;
  }
  const { text: stdout } = await runTerraform(['show', '-json', 'plan'], run);
  const { resource_changes: all } = JSON.parse(stdout) as { resource_changes: Change[] };
  const changed = all
    .filter(({ type }) => type === 'docker_container')
    .map(({ address, change: { before, after, after_unknown: unknown } }) => [
      address,
      Object.keys(after).filter(
        // The provider reads back as empty what was never set.
        (key) =>
          unknown[key] !== true && !isDeepStrictEqual(before[key] || null, after[key] || null),
      ),
    ]);
  return Object.fromEntries(changed.filter(([, keys]) => keys?.length));
}

interface PlanOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly stackOf: (run: ClusterRun, state: State) => Promise<BuildStack>;
}

const targetStack: PlanOptions['stackOf'] = async ({ target, settings, context }, state) =>
  target.stack(settings, {
    places: await stackPlacesOf(context, attemptOf(state)),
    program: stageProgram(),
    env: context.env,
    state,
    refusal: undefined,
  });

/** With the login key of the recording: its private half was never kept. */
const dropletStack: PlanOptions['stackOf'] = async ({ settings, context }, state) => {
  const login = managedIn(state).find(({ type }) => type === 'digitalocean_ssh_key');
  const key = String(login && currentOf(login)?.attributes?.public_key);
  const { stateDir } = context.project;
  const boot = placeholderBoot(settings, stateDir, ['203.0.113.1/32'], key);
  const places = await stackPlacesOf(context, attemptOf(state));
  return dropletStackOf(settings as DropletSettings, places, boot);
};

const server = (version: string) =>
  `server: { image: clusterkit/dev-server:0.1.0, version: "${version}" }`;

// What is new since then. Every container carries the identity and a revision of its own; programs have heaps
// that fit their limits, as has the database; its health check waits longer. The entry has a stage that ends it.
const NEWS = {
  changes: [
    // The address that the port is published on, and the secret that is derived from the key.
    'replace terraform_data.sweep',
    'replace terraform_data.configure',
    'replace docker_container.database',
    'replace terraform_data.await-database',
    'replace docker_container.server',
    'replace terraform_data.register',
    'create terraform_data.release',
  ],
  attributes: {
    'docker_container.database': ['command', 'healthcheck', 'labels'],
    'docker_container.server': ['env', 'labels'],
  },
};

test('a plain cluster on this machine', async () => {
  const settings = `target: docker, port: 4571, ${server('1.8')}`;
  expect(await planFor('docker-plain', 'old', settings)).toEqual(NEWS);
});

test('a development cluster on this machine', async () => {
  const settings = `target: docker, port: 4572, kind: development, ${server('1.34')}`;
  expect(await planFor('docker-development', 'olddev', settings)).toEqual({
    changes: NEWS.changes.toSpliced(5, 0, 'replace docker_container.gateway'),
    attributes: { ...NEWS.attributes, 'docker_container.gateway': ['env', 'labels'] },
  });
});

test('a cluster on a droplet, with a pinned certificate', async () => {
  const settings = `target: digitalocean, region: fra1, size: s-1vcpu-2gb, tls: pinned, management: { sources: [0.0.0.0/0] }, ${server('1.8')}`;
  const { mirror } = await standInProvider(process.env, homedir());
  const configuration = join(await temporaryDirectory(), 'terraformrc');
  await writeFile(configuration, mirrorConfig(mirror));
  const env = { DIGITALOCEAN_TOKEN: 'none', TF_CLI_CONFIG_FILE: configuration };
  const options = { env, stackOf: dropletStack };
  expect(await planFor('droplet-pinned', 'olddrop', settings, options)).toEqual({
    // The plan of memory now follows from the size of the machine, which the installation asks.
    changes: [
      // Orders what acts on the droplet.
      'create terraform_data.order',
      'replace terraform_data.install',
      'replace terraform_data.register',
      'create terraform_data.release',
    ],
    attributes: {},
  });
});
