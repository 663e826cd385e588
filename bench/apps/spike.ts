import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { roleName } from '../../apps/pool/role-name.js';
import type { Engine } from '../../clients/docker/connect.js';
import { runInContainer } from '../../clients/docker/run-in-container.js';
import { DATABASES } from '../../cluster/databases.js';
import { objectName } from '../../cluster/names.js';
import { ROOT } from '../contenders.js';
import { oneRequest } from './one-request.js';
import type { BenchProject } from './project.js';

const CALLS = 200;
/** Hard limit of the function's connections; its instances together want ten times as many. */
const CONNECTIONS = 4;
const INSTANCES = 4;

/** Writes the spike's function as one file, so that nothing has to be installed. @returns its settings */
export async function spikeFunction({ directory }: BenchProject, port: number): Promise<object> {
  const { build } = await import('esbuild');
  await mkdir(join(directory, 'spike'));
  await build({
    entryPoints: [join(ROOT, 'bench/apps/spike-function.ts')],
    outfile: join(directory, 'spike', 'index.js'),
    ...{ bundle: true, platform: 'node', target: 'node22', format: 'cjs', logLevel: 'silent' },
    external: ['pg-native'],
  });
  return {
    ...{ function: './spike/index.js', port, service: 'bench/dev', database: 'direct' },
    ...{ connections: CONNECTIONS, instances: INSTANCES, concurrency: 50 },
  };
}

/** Calls the function many times at once. @returns what became of them, and of its connections */
export async function spike(engine: Engine, { name }: BenchProject, port: number): Promise<string> {
  let isOver = false;
  const sampling = sample(engine, name, () => isOver);
  const statuses = await Promise.all(
    Array.from({ length: CALLS }, () => oneRequest(port).catch((error: Error) => error.message)),
  );
  isOver = true;
  const samples = await sampling;
  const counts = new Map<string, number>();
  for (const status of statuses) counts.set(`${status}`, (counts.get(`${status}`) ?? 0) + 1);
  const answers = [...counts].map(([status, count]) => `${count} with ${status}`).join(', ');
  const most = Math.max(...samples);
  return `${CALLS} calls at once: ${answers}. At most ${most} connections in the database in ${samples.length} samples; the limit is ${CONNECTIONS}.`;
}

/** Numbers of the role's connections, as often as the database can tell. */
async function sample(engine: Engine, cluster: string, isOver: () => boolean): Promise<number[]> {
  const container = engine.getContainer(objectName(cluster, 'database'));
  const role = roleName('spike', { identity: undefined, isRelayed: false });
  const count = `select count(*) from pg_stat_activity where usename = '${role}'`;
  const { query } = DATABASES.postgres;
  // Some in a row: the start of a program is long beside a sample.
  const script = `${query.replace(/ -qtAc .*/, ' -qtA')} <<'END'\n${`${count};\nselect pg_sleep(0.02);\n`.repeat(20)}END`;
  const samples: number[] = [];
  do {
    const { output, exitCode } = await runInContainer(container, ['sh', '-c', script]);
    if (exitCode !== 0) throw new Error(`the database does not tell: ${output}`);
    samples.push(...output.split('\n').filter(Boolean).map(Number));
  } while (!isOver());
  return samples;
}
