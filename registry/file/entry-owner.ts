/** The one cluster that an entry belongs to. */
export interface EntryOwner {
  /** Identity of the cluster: see `cluster/identity.ts`. */
  readonly identity: string;
  /** State directory of its project, for messages. */
  readonly place: string;
}
