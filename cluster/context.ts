import type { Project } from './project.js';

/** Reports progress to the user. */
export interface Progress {
  /** A step is done; `ms` is its duration. */
  done(text: string, ms?: number): void;
  detail(text: string): void;
  warn(text: string): void;
}

/** Input of every command on one cluster, read once: names, paths, environment. */
export interface CommandContext {
  readonly cluster: string;
  readonly project: Project;
  /** Path of the registry file. */
  readonly registry: string;
  readonly env: NodeJS.ProcessEnv;
  /** Cache directory outside the checkout. */
  readonly cacheDir: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Such as `clusterkit up local`; other commands show it while this one holds the lock. */
  readonly command: string;
}
