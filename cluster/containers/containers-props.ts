import type { ServerContainer } from '../configuration/server-container.js';
import type { Connector } from '../databases.js';
import type { MemoryPlan } from './memory-plan.js';

/** What the containers of a cluster follow from, wherever it runs. Nothing in it is secret. */
export interface ContainersProps {
  readonly cluster: string;
  /** State directory of the checkout: the label on everything of it. */
  readonly project: string;
  /** Ids of the images, so that a tag which moved is seen; or references that become them. */
  readonly images: {
    readonly server: string;
    /** That of the relay, where the database is elsewhere. */
    readonly database: string;
    /** @default - no gateway */
    readonly gateway?: string | undefined;
    /** @default - no proxy: plain http */
    readonly proxy?: string | undefined;
  };
  readonly connector: Connector;
  /** The database is elsewhere: a relay to it takes its place. */
  readonly isRelayed: boolean;
  readonly start: ServerContainer;
  /** Address and port of the machine where the cluster is reached. */
  readonly publish: { readonly ip: string; readonly port: number };
  readonly memory: MemoryPlan;
  /** The proxy's certificates come from an authority. @default false */
  readonly certificates?: boolean | undefined;
}
