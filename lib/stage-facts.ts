import { accountName } from './account-names.js';
import { keyDirectory } from './keys/key-directory.js';
import { stateFile } from './project.js';
import { readsVariables } from './server/server-container.js';
import {
  type ClusterSettings,
  type CommonSettings,
  type DockerSettings,
  type DropletSettings,
  dropletEndpoint,
  endpointOf,
} from './settings/cluster-settings.js';
import type { DropletFacts, StageFacts } from './stage-input.js';

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
export const stageFacts = (settings: DockerSettings, places: StagePlaces): StageFacts => ({
  ...commonFacts(settings, places),
  endpoint: endpointOf(settings),
});

/** What is known of a droplet only when it is there: references, while a stack is synthesized. */
export interface DropletPlace {
  /** Id at DigitalOcean. */
  readonly droplet: string;
  /** Its own address. */
  readonly host: string;
  /** Address that clients use: the reserved one, or its own. */
  readonly address: string;
  readonly memoryMb: number;
}

/** What the stages of a cluster on a droplet are told. */
export const dropletFacts = (
  settings: DropletSettings,
  places: StagePlaces,
  { address, ...place }: DropletPlace,
): DropletFacts => ({
  ...commonFacts(settings, places),
  endpoint: dropletEndpoint(address, settings),
  ...place,
  port: settings.port,
  serverImage: settings.server.image,
  serverTransport: settings.images.server,
  databaseTransport: settings.images.database,
  volume: settings.volume === false ? '' : accountName(settings.name, 'data'),
});

/** Facts that no droplet is needed for. */
export const commonFacts = (
  settings: CommonSettings & Pick<ClusterSettings, 'target'>,
  { stateDir, registry, attempt }: StagePlaces,
): Omit<StageFacts, 'endpoint'> => ({
  cluster: settings.name,
  target: settings.target,
  project: stateDir,
  keyDirectory: keyDirectory(stateDir, settings.name),
  registry,
  connector: settings.database.connector,
  auth: settings.server.auth,
  startedImage: readsVariables(settings.server) ? settings.server.image : '',
  databaseImage: settings.database.image,
  version: settings.server.version,
  stateFile: stateFile(stateDir, settings.name),
  attempt,
});
