import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { textTable } from '../cli/text-table.js';
import { stageProgram } from '../flows/workspace.js';
import { newKeyPair } from '../lib/keys/key-pair.js';
import { readVersion } from '../lib/probe/read-version.js';
import { cacheDirectory } from '../lib/project.js';
import type { ClusterSettings } from '../lib/settings/cluster-settings.js';
import { readClustersFile } from '../lib/settings/read-clusters-file.js';
import { selectCluster } from '../lib/settings/select-cluster.js';
import { findTerraform } from '../lib/setup/terraform-binary.js';
import { composeFile } from './compose-file.js';
import { median, runQuietly, timed } from './timing.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = join(ROOT, 'dist/cli/main.js');

/** One way to run the same two containers. */
interface Contender {
  readonly name: string;
  up(): Promise<unknown>;
  again(): Promise<unknown>;
  down(): Promise<unknown>;
}

const PHASES = ['up', 'again', 'down'] as const;

/**
 * up, again (no change) and down of the shipped `local` cluster by the kit, beside raw Terraform on
 * the same `cdk.tf.json` and docker-compose on an equal file. Medians, and ratios to the kit.
 */
export async function run(args: string[]): Promise<void> {
  const rounds = Number(args[0] ?? 3);
  const directory = await mkdtemp(join(tmpdir(), 'clusterkit-bench-'));
  try {
    const settings = await shippedCluster();
    const contenders = [
      await kit(directory, settings),
      await rawTerraform(directory, settings),
      await compose(directory, settings),
    ].filter((each) => each !== undefined);
    const times = new Map<string, number[]>();
    for (let round = 0; round < rounds; round += 1) {
      for (const contender of contenders) {
        for (const phase of PHASES) {
          const key = `${contender.name} ${phase}`;
          times.set(key, [...(times.get(key) ?? []), await timed(() => contender[phase]())]);
        }
      }
    }
    const synthesis = await timeSynthesis(directory, settings, rounds);
    const of = (name: string, phase: string) => median(times.get(`${name} ${phase}`) ?? []);
    const rows = PHASES.map((phase) => [
      phase,
      ...contenders.map(({ name }) => {
        const ratio = of('clusterkit', phase) / of(name, phase);
        return `${(of(name, phase) / 1000).toFixed(2)} s${name === 'clusterkit' ? '' : ` (kit ${ratio.toFixed(2)}x)`}`;
      }),
    ]);
    const head = ['', ...contenders.map(({ name }) => name)];
    process.stdout.write(`${textTable([head, ...rows])}\n`);
    process.stdout.write(
      `synthesis alone: ${(synthesis / 1000).toFixed(2)} s (goal: at most 0.8 s)\n`,
    );
    process.stdout.write(`medians of ${rounds} rounds\n`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function shippedCluster(): Promise<ClusterSettings> {
  const settings = selectCluster(await readClustersFile(join(ROOT, 'clusters.yml')), 'local');
  return { ...settings, name: 'bench', port: await freePort() };
}

async function kit(directory: string, settings: ClusterSettings): Promise<Contender> {
  const project = join(directory, 'kit');
  await mkdir(project);
  const { name, target, port, server, database } = settings;
  const text = JSON.stringify({ clusters: { [name]: { target, port, server, database } } });
  await writeFile(join(project, 'clusters.yml'), text);
  const verb = (...words: string[]) =>
    runQuietly(
      [process.execPath, CLI, ...words, '--registry', join(project, 'config.yml')],
      project,
    );
  const up = () => verb('up', name);
  return { name: 'clusterkit', up, again: up, down: () => verb('down', name, '--yes') };
}

async function rawTerraform(directory: string, settings: ClusterSettings): Promise<Contender> {
  const work = join(directory, 'terraform');
  const { synthesize } = await import('../stacks/synthesize.js');
  const places = () => ({ stateDir: work, registry: join(work, 'config.yml'), attempt: 'bench' });
  const { linkProvider } = await import('../lib/terraform/prepare-directory.js');
  const { findBuiltProvider, providerPlatform } = await import(
    '../lib/terraform/built-provider.js'
  );
  synthesize({ clusters: [settings], outdir: work, places, program: stageProgram() });
  const stack = join(work, 'stacks', settings.name);
  const cache = cacheDirectory(process.env, process.env.HOME ?? '');
  const built = await findBuiltProvider(cache, providerPlatform(process.platform, process.arch));
  if (built !== undefined) await linkProvider(stack, built);
  const binary = await findTerraform(process.env, cache);
  const env = { ...process.env, CHECKPOINT_DISABLE: '1' };
  const terraform = (...argv: string[]) => runQuietly([binary, ...argv], stack, env);
  const apply = () => terraform('apply', '-auto-approve', '-input=false');
  return {
    name: 'terraform',
    up: async () => {
      await terraform('init', '-input=false');
      await apply();
    },
    again: apply,
    down: () => terraform('destroy', '-auto-approve', '-input=false'),
  };
}

async function compose(
  directory: string,
  settings: ClusterSettings,
): Promise<Contender | undefined> {
  const work = join(directory, 'compose');
  await mkdir(work);
  const { publicKey } = await newKeyPair();
  await composeFile(work, settings, publicKey);
  const argv = ['docker-compose', '-p', 'clusterkit-bench-compose'];
  const env = process.env;
  try {
    await runQuietly([...argv, 'version'], work, env);
  } catch {
    process.stderr.write('docker-compose is not installed, so it is not measured.\n');
    return undefined;
  }
  const up = async () => {
    await runQuietly([...argv, 'up', '-d'], work, env);
    await answers(`http://127.0.0.1:${settings.port}`);
  };
  return {
    name: 'docker-compose',
    up,
    again: up,
    down: () => runQuietly([...argv, 'down', '-v'], work, env),
  };
}

/** Up means that it answers, for everybody. */
async function answers(host: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while ((await readVersion(host).catch(() => undefined)) === undefined) {
    if (performance.now() > deadline) throw new Error(`${host} did not answer within 60 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function timeSynthesis(directory: string, settings: ClusterSettings, rounds: number) {
  const project = join(directory, 'synthesis');
  await mkdir(project);
  const { name, target, port, server, database } = settings;
  const text = JSON.stringify({ clusters: { [name]: { target, port, server, database } } });
  await writeFile(join(project, 'clusters.yml'), text);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const main = join(ROOT, 'dist/stacks/main.js');
    times.push(await timed(() => runQuietly([process.execPath, main], project)));
  }
  return median(times);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
