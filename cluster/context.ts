import type { StagePlaces } from '../targets/common/stages/facts.js';
import type { Project } from './project.js';

/** Tells people what is going on. */
export interface Steps {
  /** Something is done; `ms` is what it took. */
  done(text: string, ms?: number): void;
  detail(text: string): void;
  warn(text: string): void;
}

/** What every flow over one cluster takes: which cluster, where its files are, and the world. */
export interface ClusterWorld {
  readonly cluster: string;
  readonly project: Project;
  /** Path of the registry file. */
  readonly registry: string;
  readonly env: NodeJS.ProcessEnv;
  /** Cache directory outside the checkout. */
  readonly cacheDir: string;
  readonly steps: Steps;
  readonly signal: AbortSignal;
  /** Such as `clusterkit up local`: what others are told while this command holds the lock. */
  readonly command: string;
  /**
   * Data of a Prisma server that the kit did not make, in a database of one's own, is to be taken over.
   * @default false
   */
  readonly adoptDatabase?: boolean;
}

/** Places of the cluster's files, as stages are told them. */
export const placesOf = ({ project, registry }: ClusterWorld, attempt: string): StagePlaces => ({
  stateDir: project.stateDir,
  registry,
  attempt,
});
