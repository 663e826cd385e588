import type { Project } from './project.js';

/** Reports progress to people. */
export interface Progress {
  /** Something is done; `ms` is its duration. */
  done(text: string, ms?: number): void;
  detail(text: string): void;
  warn(text: string): void;
}

/** What every command on one cluster receives, read once: names, places of files, environment. */
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
  /** Such as `clusterkit up local`: shown to others while this command holds the lock. */
  readonly command: string;
}
