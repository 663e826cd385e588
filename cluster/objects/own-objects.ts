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

/** By what an object, or an image, shows whose it is. */
type Marked = Pick<ClusterObject, 'id' | 'identity' | 'project'> & { readonly kind: string };

/** Objects by whose they are. */
export interface SortedObjects<T = ClusterObject> {
  readonly own: readonly T[];
  readonly foreign: readonly T[];
}

/**
 * Sorts the objects of one cluster name. The identity decides. Objects without one (of a version before, or
 * a network and volumes whose labels cannot change) belong to whoever has the others; when none has an
 * identity, to the directory that made them.
 */
export function sortObjects<T extends Marked>(
  objects: readonly T[],
  owner: ObjectOwner,
): SortedObjects<T> {
  const { id, places, knownIds } = owner;
  const isKnown = (object: Marked) => object.kind !== 'volume' && knownIds.has(object.id);
  const isTaken = objects.some(({ identity }) => identity !== undefined && identity !== id);
  const isMarked = ({ project }: Marked) => project !== undefined && places.includes(project);
  const isOwn = (object: Marked) => {
    if (object.identity !== undefined) return object.identity === id;
    return isKnown(object) || (!isTaken && isMarked(object));
  };
  return {
    own: objects.filter(isOwn),
    foreign: objects.filter((object) => !isOwn(object)),
  };
}
