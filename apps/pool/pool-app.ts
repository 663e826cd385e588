import type { ClusterMarks } from '../../cluster/containers/cluster-labels.js';

/** An application that uses the cluster's database directly (`database: direct`). */
export interface PoolApp {
  readonly app: string;
  /** Of its service's tables: see `serviceSchema`. */
  readonly schema: string;
  /** Connections to the database that all of its instances have together, at most. */
  readonly connections: number;
  /**
   * It is not what is being deployed: when its service is gone it has no rights, and keeps nobody from anything.
   * @default false: its service must be there
   */
  readonly mayLackService?: boolean;
}

/** The PostgreSQL database of a cluster, as containers in its network find it. */
export interface PoolDatabase {
  /** Login of the kit, whose password is in the configuration volume. */
  readonly user: string;
  /** Name of the database that has the services' schemas. */
  readonly database: string;
  /** External or managed: other clusters may have roles in the same PostgreSQL. */
  readonly isRelayed: boolean;
}

/** A role of the database, as it must be for one application. */
export interface WantedRole extends PoolApp {
  readonly role: string;
  /** As PostgreSQL stores it: a verifier, from which nobody gets the password. */
  readonly verifier: string;
}

/** What roles of a cluster are known by; an own database has the roles of one cluster only. */
export type RoleOwner = Pick<ClusterMarks, 'identity'> & Pick<PoolDatabase, 'isRelayed'>;
