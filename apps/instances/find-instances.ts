import type { Engine } from '../../clients/docker/connect.js';
import { LABEL } from '../../cluster/names.js';

/** A container of an application, as its engine lists it. */
export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly app: string;
  readonly release: string;
  /** `running`, `paused`, `exited`, `restarting`, `created`, … */
  readonly state: string;
  /** Such as `Up 3 minutes (healthy)`. */
  readonly status: string;
}

/** The containers of a cluster's applications, of all releases. */
export async function findInstances(engine: Engine, cluster: string): Promise<Instance[]> {
  const filters = { label: [`${LABEL.cluster}=${cluster}`, `${LABEL.role}=app`] };
  const found = await engine.listContainers({ all: true, filters });
  return found
    .map(({ Id, Names, State, Status, Labels }) => ({
      ...{ id: Id, name: (Names[0] ?? Id).replace(/^\//, ''), state: State, status: Status },
      app: Labels[LABEL.app] ?? '',
      release: Labels[LABEL.release] ?? '',
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
