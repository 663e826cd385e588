import { keyDirectory } from './keys/key-directory.js';
import { type ClusterSettings, endpointOf } from './settings/cluster-settings.js';
import type { StageFacts } from './stage-input.js';

/** What the stages of a cluster are told, from its settings and the places of its files. */
export const stageFacts = (
  settings: ClusterSettings,
  { stateDir, registry }: { readonly stateDir: string; readonly registry: string },
): StageFacts => ({
  cluster: settings.name,
  project: stateDir,
  keyDirectory: keyDirectory(stateDir, settings.name),
  endpoint: endpointOf(settings),
  registry,
  databaseImage: settings.database.image,
  version: settings.server.version,
});
