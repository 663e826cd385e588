import { keyDirectory } from './keys/key-directory.js';
import { stateFile } from './project.js';
import { readsVariables } from './server/server-container.js';
import { type DockerSettings, endpointOf } from './settings/cluster-settings.js';
import type { StageFacts } from './stage-input.js';

/** What the settings do not say. */
export interface StagePlaces {
  /** State directory of the project, absolute. */
  readonly stateDir: string;
  /** Path of the cluster registry. */
  readonly registry: string;
  /** See `lib/terraform/attempt.ts`. */
  readonly attempt: string;
}

/** What the stages of a cluster are told, from its settings and the places of its files. */
export const stageFacts = (
  settings: DockerSettings,
  { stateDir, registry, attempt }: StagePlaces,
): StageFacts => ({
  cluster: settings.name,
  project: stateDir,
  keyDirectory: keyDirectory(stateDir, settings.name),
  endpoint: endpointOf(settings),
  registry,
  connector: settings.database.connector,
  auth: settings.server.auth,
  startedImage: readsVariables(settings.server) ? settings.server.image : '',
  databaseImage: settings.database.image,
  version: settings.server.version,
  stateFile: stateFile(stateDir, settings.name),
  attempt,
});
