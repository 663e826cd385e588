import type { ServerContainer } from '../configuration/server-container.js';
import type { Connector } from '../databases.js';
import type { ClusterMarks } from './cluster-labels.js';
import type { ContainerDescription } from './container-description.js';
import type { MemoryPlan } from './memory-plan.js';

/** Everything that determines a cluster's containers, on every target. Nothing in it is secret. */
export interface ContainersProps extends ClusterMarks {
  /** Ids of the images, so that a moved tag is noticed; or Terraform references to them. */
  readonly images: {
    readonly server: string;
    /** Of the relay, when the database is external. */
    readonly database: string;
    /** @default - no gateway */
    readonly gateway?: string | undefined;
    /** @default - no proxy: plain http */
    readonly proxy?: string | undefined;
  };
  readonly connector: Connector;
  /** The database is external or managed: a relay replaces its container. */
  readonly isRelayed: boolean;
  readonly start: ServerContainer;
  /** Address and port of the machine on which the cluster is published. */
  readonly publish: { readonly ip: string; readonly port: number };
  readonly memory: MemoryPlan;
  /** Connections that the server opens to its database. @default - as many as upstream's default */
  readonly connections?: number | undefined;
  /** Of the user, in addition to the kit's. @default - none */
  readonly javaOptions?: string | undefined;
  /** The proxy gets its certificates from an authority. @default false */
  readonly certificates?: boolean | undefined;
}

/** What is specific to one role; every container also mounts the configuration volume. */
export type RoleDescription = Pick<
  ContainerDescription,
  'image' | 'memoryMb' | 'stopGraceSeconds' | 'entrypoint' | 'command' | 'shmMb' | 'health'
> &
  Partial<Pick<ContainerDescription, 'environment' | 'mounts' | 'ports'>>;
