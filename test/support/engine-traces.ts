import Docker from 'dockerode';

/** The engine that the tests use: the same that the kit finds. */
export const engine = new Docker();

const CLUSTER = 'dev.clusterkit.cluster';

/** Names of all that a cluster has in the engine, by its label or by its name; sorted. */
export async function tracesOf(cluster: string): Promise<string[]> {
  const { containers, networks, volumes } = await objectsOf(cluster);
  return [...containers, ...networks, ...volumes].map(({ name }) => name).sort();
}

/** Removes all that a cluster has in the engine, whoever made it, in whatever state. */
export async function removeTraces(cluster: string): Promise<void> {
  const { containers, networks, volumes } = await objectsOf(cluster);
  const quietly = (work: Promise<unknown>) => work.catch(() => undefined);
  for (const { id } of containers) {
    await quietly(engine.getContainer(id).remove({ force: true, v: true }));
  }
  for (const { id } of networks) await quietly(engine.getNetwork(id).remove());
  for (const { id } of volumes) await quietly(engine.getVolume(id).remove());
  const filters = { reference: [`clusterkit-app/${cluster}-*`] };
  for (const { RepoTags } of await engine.listImages({ filters })) {
    for (const tag of RepoTags ?? []) await quietly(engine.getImage(tag).remove());
  }
}

/** Ids of the cluster's containers by role. */
export async function containerIds(cluster: string): Promise<Record<string, string>> {
  const { containers } = await objectsOf(cluster);
  return Object.fromEntries(containers.map(({ name, id }) => [name.split('-').at(-1) ?? '', id]));
}

async function objectsOf(cluster: string) {
  const isOurs = (name: string, labels: Record<string, string> | null | undefined) =>
    labels?.[CLUSTER] === cluster || name.startsWith(`clusterkit-${cluster}-`);
  const [containers, networks, volumes] = await Promise.all([
    engine.listContainers({ all: true }),
    engine.listNetworks(),
    engine.listVolumes(),
  ]);
  return {
    containers: containers
      .map(({ Id, Names, Labels }) => ({
        id: Id,
        name: (Names[0] ?? Id).slice(1),
        labels: Labels,
      }))
      .filter(({ name, labels }) => isOurs(name, labels)),
    networks: networks
      .map(({ Id, Name, Labels }) => ({ id: Id, name: Name, labels: Labels }))
      .filter(({ name, labels }) => isOurs(name, labels)),
    volumes: (volumes.Volumes ?? [])
      .map(({ Name, Labels }) => ({ id: Name, name: Name, labels: Labels }))
      .filter(({ name, labels }) => isOurs(name, labels)),
  };
}
