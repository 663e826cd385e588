import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { removeContainer } from '../../clients/docker/remove-container.js';
import { appNames, LABEL, OBJECT_ROLES, objectName } from '../names.js';

/** One object of a cluster in the engine. */
export interface ClusterObject {
  readonly kind: 'container' | 'network' | 'volume';
  /** Engine id; a volume's is its name. */
  readonly id: string;
  readonly name: string;
  /** Name of its cluster. @default - it was found by its name, and has no such label */
  readonly cluster?: string | undefined;
  readonly role: string | undefined;
  /** Identity of its cluster. @default - made before there were any */
  readonly identity?: string | undefined;
  /** State directory of the checkout that made its cluster. */
  readonly project: string | undefined;
  /** Data volumes only: the layout of the data. */
  readonly layout: string | undefined;
  /** Containers only: `running`, `exited`, … */
  readonly state?: string;
}

/** Every object in the engine that has the cluster's label, of any checkout. */
export const findClusterObjects = (engine: Engine, cluster: string): Promise<ClusterObject[]> =>
  listObjects(engine, { label: [`${LABEL.cluster}=${cluster}`] });

/**
 * Objects in the engine with one of the names that the cluster needs, without its label.
 * @param apps names of its applications
 */
export async function findNamesakes(
  engine: Engine,
  cluster: string,
  apps: readonly string[] = [],
): Promise<ClusterObject[]> {
  const names = OBJECT_ROLES.map((role) => objectName(cluster, role));
  const patterns = appNames(cluster, apps);
  const isNeeded = (name: string) =>
    names.includes(name) || patterns.some((pattern) => pattern.test(name));
  // The engine's filter also finds longer names.
  const found = await listObjects(engine, { name: [`clusterkit-${cluster}-`] });
  return found.filter(({ name, cluster: of }) => isNeeded(name) && of !== cluster);
}

async function listObjects(
  engine: Engine,
  filters: Readonly<Record<string, string[]>>,
): Promise<ClusterObject[]> {
  const [containers, networks, volumes] = await Promise.all([
    engine.listContainers({ all: true, filters }),
    engine.listNetworks({ filters }),
    engine.listVolumes({ filters: JSON.stringify(filters) as never }),
  ]);
  const marks = (labels: Record<string, string> | null | undefined) => ({
    cluster: labels?.[LABEL.cluster],
    role: labels?.[LABEL.role],
    identity: labels?.[LABEL.identity],
    project: labels?.[LABEL.project],
    layout: labels?.[LABEL.layout],
  });
  return [
    ...containers.map(({ Id, Names, State, Labels }) => ({
      kind: 'container' as const,
      id: Id,
      name: (Names[0] ?? Id).replace(/^\//, ''),
      state: State,
      ...marks(Labels),
    })),
    ...networks.map(({ Id, Name, Labels }) => ({
      kind: 'network' as const,
      id: Id,
      name: Name,
      ...marks(Labels),
    })),
    ...(volumes.Volumes ?? []).map(({ Name, Labels }) => ({
      kind: 'volume' as const,
      id: Name,
      name: Name,
      ...marks(Labels),
    })),
  ];
}

/** Removes objects, containers first, because they use the others. Ignores those already gone. */
export async function removeObjects(
  engine: Engine,
  objects: readonly ClusterObject[],
): Promise<void> {
  const remove = { container: removeContainer, network: removeNetwork, volume: removeVolume };
  for (const kind of ['container', 'network', 'volume'] as const) {
    const some = objects.filter((object) => object.kind === kind);
    await Promise.all(some.map(({ id }) => unlessGone(remove[kind](engine, id))));
  }
}

const removeNetwork = (engine: Engine, id: string) => engine.getNetwork(id).remove();
const removeVolume = (engine: Engine, id: string) => engine.getVolume(id).remove();

async function unlessGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}
