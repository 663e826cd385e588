import type Docker from 'dockerode';
import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { LABEL } from '../../cluster/names.js';
import { edgeName } from './describe-edge.js';
import type { Edge } from './plan-edges.js';

/** An edge in the engine. */
export interface FoundEdge extends Edge {
  readonly container: Docker.Container;
  readonly isRunning: boolean;
}

/** The edges of a cluster in the engine, the first one first. */
export async function findEdges(engine: Engine, cluster: string): Promise<FoundEdge[]> {
  const listed = await engine.listContainers({
    all: true,
    filters: { label: [`${LABEL.cluster}=${cluster}`, `${LABEL.role}=edge`] },
  });
  const edges = await Promise.all(listed.map(({ Id }) => inspect(engine, cluster, Id)));
  return edges.filter((edge) => edge !== undefined).sort((a, b) => a.number - b.number);
}

async function inspect(
  engine: Engine,
  cluster: string,
  id: string,
): Promise<FoundEdge | undefined> {
  const container = engine.getContainer(id);
  const found = await container.inspect().catch((error) => {
    if (statusOf(error) === 404) return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  const name = found.Name.replace(/^\//, '');
  const number =
    name === edgeName(cluster, 1) ? 1 : Number(/-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
  const bindings: Readonly<Record<string, unknown>> = found.HostConfig.PortBindings ?? {};
  const ports = Object.keys(bindings).map((key) => Number.parseInt(key, 10));
  return { number, ports, container, isRunning: found.State.Running };
}
