import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textTable } from '../cli/text-table.js';
import type { ClusterSettings } from '../cluster/settings/settings.js';
import { readClustersFile } from '../targets/clusters-file/read.js';
import { selectCluster } from '../targets/clusters-file/select.js';
import { compose, kit, ROOT, rawTerraform, writeProject } from './contenders.js';
import { freePorts, median, runQuietly, timed } from './timing.js';

const PHASES = ['up', 'again', 'down'] as const;

/**
 * up, again (no change) and down of the shipped `local` cluster by the kit, beside raw Terraform
 * with the same `cdk.tf.json` and docker-compose with an equal file. Medians, and ratios to the
 * kit.
 */
export async function run(args: string[]): Promise<void> {
  const rounds = Number(args[0] ?? 3);
  const directory = await mkdtemp(join(tmpdir(), 'clusterkit-bench-'));
  let undo: (() => Promise<unknown>)[] = [];
  try {
    const settings = await shippedCluster();
    const contenders = [
      await kit(directory, settings),
      await rawTerraform(directory, settings),
      await compose(directory, settings),
    ].filter((each) => each !== undefined);
    undo = contenders.map(({ down }) => down);
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
    // After an interrupt or a failure nothing of the bench keeps running.
    for (const down of undo) await down().catch(() => undefined);
    await rm(directory, { recursive: true, force: true });
  }
}

async function shippedCluster(): Promise<ClusterSettings> {
  const settings = selectCluster(await readClustersFile(join(ROOT, 'clusters.yml')), 'local');
  if (settings.target !== 'docker') throw new Error('the cluster `local` is not local');
  const [port = 0] = await freePorts(1);
  return { ...settings, name: 'bench', port };
}

async function timeSynthesis(directory: string, settings: ClusterSettings, rounds: number) {
  const project = join(directory, 'synthesis');
  await writeProject(project, settings);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const main = join(ROOT, 'dist/cli/synthesize.js');
    times.push(await timed(() => runQuietly([process.execPath, main], project)));
  }
  return median(times);
}
