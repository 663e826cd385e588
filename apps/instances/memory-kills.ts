import { type Engine, statusOf } from '../../clients/docker/connect.js';

/** When each of these containers was last killed because it needed more memory, ISO 8601, by name. */
export async function memoryKills(
  engine: Engine,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(names.map((name) => lastKill(engine, name)));
  return new Map(found.flat());
}

async function lastKill(engine: Engine, name: string): Promise<[string, string][]> {
  try {
    const { OOMKilled, FinishedAt } = (await engine.getContainer(name).inspect()).State;
    return OOMKilled ? [[name, FinishedAt]] : [];
  } catch (error) {
    if (statusOf(error) === 404) return [];
    throw error;
  }
}
