import { keyDirectory } from '../lib/keys/key-directory.js';
import type { Project } from '../lib/project.js';
import type { ClusterSettings } from '../lib/settings/cluster-settings.js';
import { endpointOf } from '../lib/settings/cluster-settings.js';
import type { StageInput } from '../lib/stage-input.js';

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
}

/** What the stages inside an apply get for these settings. */
export function stageInputOf(
  settings: ClusterSettings,
  { project, registry }: Pick<ClusterWorld, 'project' | 'registry'>,
): StageInput {
  return {
    cluster: settings.name,
    project: project.stateDir,
    keyDirectory: keyDirectory(project.stateDir, settings.name),
    endpoint: endpointOf(settings),
    registry,
    databaseImage: settings.database.image,
    version: settings.server.version,
  };
}
