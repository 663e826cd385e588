import type { ClusterObject } from './cluster-objects.js';

/** By what objects in an engine are known to be a cluster's own. */
export interface ObjectOwner {
  /** Identity of the cluster. @default - it has none yet */
  readonly id: string | undefined;
  /** State directories: the only mark of objects made before identities. */
  readonly places: readonly string[];
  /** Ids in its Terraform state. A volume's is its name, which shows nothing. */
  readonly knownIds: ReadonlySet<string>;
}

/** Objects by whose they are. */
export interface SortedObjects {
  readonly own: readonly ClusterObject[];
  readonly foreign: readonly ClusterObject[];
}

/**
 * Sorts the objects of one cluster name. The identity decides. Objects without one (of a version before, or
 * a network and volumes whose labels cannot change) belong to whoever has the others; when none has an
 * identity, to the directory that made them.
 */
export function sortObjects(objects: readonly ClusterObject[], owner: ObjectOwner): SortedObjects {
  const { id, places, knownIds } = owner;
  const isKnown = (object: ClusterObject) => object.kind !== 'volume' && knownIds.has(object.id);
  const isTaken = objects.some(({ identity }) => identity !== undefined && identity !== id);
  const isMarked = ({ project }: ClusterObject) =>
    project !== undefined && places.includes(project);
  const isOwn = (object: ClusterObject) => {
    if (object.identity !== undefined) return object.identity === id;
    return isKnown(object) || (!isTaken && isMarked(object));
  };
  return {
    own: objects.filter(isOwn),
    foreign: objects.filter((object) => !isOwn(object)),
  };
}
