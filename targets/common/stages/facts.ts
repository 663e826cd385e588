import { dirname, resolve } from 'node:path';
import { readsVariables } from '../../../cluster/configuration/server-container.js';
import { keyDirectory } from '../../../cluster/keys/key-directory.js';
import { stateFile } from '../../../cluster/project.js';
import { accountName } from '../../../stacks/droplet/account-names.js';
import {
  type ClusterSettings,
  type CommonSettings,
  type DatabaseSettings,
  type DockerSettings,
  type DropletSettings,
  dropletEndpoint,
  endpointOf,
  type GatewaySettings,
} from '../../clusters-file/cluster-settings.js';
import type { DropletFacts, StageFacts } from './input.js';

/** What the settings do not say. */
export interface StagePlaces {
  /** State directory of the project, absolute. */
  readonly stateDir: string;
  /** Path of the cluster registry. */
  readonly registry: string;
  /** See `targets/common/stages/attempt.ts`. */
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
  /** Who may reach which API. @default - whoever reaches the port */
  readonly sources?: { readonly management: string[]; readonly data: string[] };
}

/** What the stages of a cluster on a droplet are told. */
export const dropletFacts = (
  settings: DropletSettings,
  places: StagePlaces,
  { address, sources, ...place }: DropletPlace,
): DropletFacts => ({
  ...commonFacts(settings, places),
  ...tlsFacts(settings, dirname(places.stateDir)),
  ...managedFacts(settings),
  ...(settings.gateway && {
    gateway: { ...gatewayFacts(settings.gateway), ...(settings.data && sources && { sources }) },
    gatewayImage: settings.gateway.image,
    gatewayTransport: settings.images.gateway,
  }),
  ...(settings.tls && {
    address,
    proxyImage: settings.tls.proxyImage,
    proxyTransport: settings.images.proxy,
  }),
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
  ...externalFacts(settings.database, dirname(stateDir)),
  ...(settings.gateway && { gateway: gatewayFacts(settings.gateway) }),
});

const gatewayFacts = ({ limits }: GatewaySettings) => ({ ...(limits && { limits }) });

/** @param directory of `clusters.yml`: what its paths start from */
function externalFacts({ external }: DatabaseSettings, directory: string) {
  if (external === undefined) return {};
  const { password, caFile, ...rest } = external;
  return {
    external: {
      ...rest,
      password: 'file' in password ? { file: resolve(directory, password.file) } : password,
      ...(caFile !== undefined && { caFile: resolve(directory, caFile) }),
    },
  };
}

/** @param directory of `clusters.yml`: what its paths start from */
export function tlsFacts({ tls }: DropletSettings, directory: string) {
  if (tls === undefined) return {};
  const { proxyImage: _, ...rest } = tls;
  if (rest.kind === 'pinned' || rest.caFile === undefined) return { tls: rest };
  return { tls: { ...rest, caFile: resolve(directory, rest.caFile) } };
}

/** What is told of a managed database; nothing where there is none. */
export function managedFacts({ database, region, vpc }: DropletSettings) {
  if (database.managed === undefined) return {};
  return { managed: { ...database.managed, region, ...(vpc !== undefined && { vpc }) } };
}
