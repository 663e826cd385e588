import type { Engine } from '../clients/docker/connect.js';
import { LABEL } from '../cluster/names.js';
import { type ObjectOwner, sortObjects } from '../cluster/objects/own-objects.js';

/**
 * Names of a cluster's applications that have containers in an engine, running or not. The document knows it better,
 * but only containers can be seen before anything is read from a volume.
 */
export async function deployedApps(
  engine: Engine,
  owner: ObjectOwner & { readonly cluster: string },
): Promise<ReadonlySet<string>> {
  const label = [`${LABEL.cluster}=${owner.cluster}`, `${LABEL.role}=app`];
  const containers = await engine.listContainers({ all: true, filters: { label } });
  const marked = containers.map(({ Id, Labels }) => ({
    ...{ kind: 'container', id: Id, app: Labels[LABEL.app] },
    ...{ identity: Labels[LABEL.identity], project: Labels[LABEL.project] },
  }));
  return new Set(sortObjects(marked, owner).own.flatMap(({ app }) => app ?? []));
}
