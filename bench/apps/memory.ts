import type { Engine } from '../../clients/docker/connect.js';

const MB = 1024 * 1024;

/** Memory of containers together in MB, as `docker stats` counts: without cached files. A stopped one has none. */
export async function memoryMb(engine: Engine, names: readonly string[]): Promise<number> {
  let sum = 0;
  for (const name of names) sum += await memoryOf(engine, name);
  return sum / MB;
}

async function memoryOf(engine: Engine, name: string): Promise<number> {
  const container = engine.getContainer(name);
  if (!(await container.inspect()).State.Running) return 0;
  const { memory_stats: found } = await container.stats({ stream: false, 'one-shot': true });
  // cgroup 1 has the first, cgroup 2 the second.
  const stats = found.stats as { total_inactive_file?: number; inactive_file?: number };
  const cached = stats.total_inactive_file ?? stats.inactive_file ?? 0;
  return found.usage - cached;
}
