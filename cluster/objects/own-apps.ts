import type { Engine } from '../../clients/docker/connect.js';
import { LABEL } from '../names.js';
import { type ObjectOwner, sortObjects } from './own-objects.js';

/** Whose applications are meant. */
export type AppsOwner = ObjectOwner & { readonly cluster: string };

/**
 * Names of a cluster's applications that have containers in an engine, running or not. The document knows it better,
 * but only containers can be seen before anything is read from a volume.
 */
export async function ownApps(engine: Engine, owner: AppsOwner): Promise<ReadonlySet<string>> {
  const label = [`${LABEL.cluster}=${owner.cluster}`, `${LABEL.role}=app`];
  const containers = await engine.listContainers({ all: true, filters: { label } });
  return appsOf(containers, owner);
}

/** Names of a cluster's applications that have images in an engine which were built for them. */
export async function ownBuiltApps(engine: Engine, owner: AppsOwner): Promise<ReadonlySet<string>> {
  const label = [`${LABEL.cluster}=${owner.cluster}`, `${LABEL.role}=app`];
  const filters = JSON.stringify({ label });
  return appsOf(await engine.listImages({ filters }), owner);
}

function appsOf(
  found: readonly { readonly Id: string; readonly Labels: Readonly<Record<string, string>> }[],
  owner: AppsOwner,
): ReadonlySet<string> {
  const marked = found.map(({ Id, Labels }) => ({
    ...{ kind: 'container', id: Id, app: Labels[LABEL.app] },
    ...{ identity: Labels[LABEL.identity], project: Labels[LABEL.project] },
  }));
  return new Set(sortObjects(marked, owner).own.flatMap(({ app }) => app ?? []));
}
