import { z } from 'zod';
import { appsMemory, sumOf } from '../../cluster/containers/apps-memory.js';
import { accountName } from '../../stacks/droplet/account-names.js';
import type { DropletReferences } from '../../stacks/droplet/references.js';
import { type InstallFacts, installFacts } from '../common/install/install-facts.js';
import { commonFacts, facts, gatewayFacts, type StagePlaces } from '../common/stages/facts.js';
import { type DropletSettings, dropletEndpoint } from './settings.js';

/** A managed database of DigitalOcean. @default - none */
const managed = z.strictObject({
  version: z.string(),
  size: z.string(),
  nodes: z.number(),
  region: z.string(),
  /** Private network. @default - the region's default */
  vpc: z.string().optional(),
});

/** Every fact about a cluster on a droplet that a stage may use. None is secret. */
export const dropletFactsSchema = facts.extend({
  managed: managed.optional(),
  /** Id at DigitalOcean. */
  droplet: z.string(),
  /** Address for ssh: the droplet's own, even when it has a reserved one. */
  host: z.string(),
  ...installFacts,
});

/** See {@link dropletFactsSchema}. */
export type DropletFacts = z.infer<typeof dropletFactsSchema>;

/** Facts that are known without a droplet. */
export const earlyFacts = (settings: DropletSettings, places: Omit<StagePlaces, 'identity'>) => ({
  ...commonFacts(settings, places),
  ...managedFacts(settings),
});

/** All facts; during synthesis those about the droplet are references. */
export function dropletFacts(
  settings: DropletSettings,
  places: Omit<StagePlaces, 'identity'>,
  { address, sources, droplet, host }: DropletReferences,
): DropletFacts {
  const { gateway, tls, images, server, database, volume, name, port } = settings;
  const install: InstallFacts = {
    port,
    serverImage: server.image,
    serverTransport: images.server,
    databaseTransport: images.database,
    volume: volume === false ? '' : accountName(name, 'data'),
    ...(gateway && { gatewayImage: gateway.image, gatewayTransport: images.gateway }),
    ...(server.memoryMb !== undefined && { serverMemoryMb: server.memoryMb }),
    ...(database.memoryMb !== undefined && { databaseMemoryMb: database.memoryMb }),
    ...(server.javaOptions !== undefined && { javaOptions: server.javaOptions }),
    ...(tls && { proxyImage: tls.proxyImage, proxyTransport: images.proxy }),
    ...appsFacts(settings),
  };
  return {
    ...earlyFacts(settings, places),
    ...(gateway && {
      gateway: { ...gatewayFacts(gateway), ...(isOpen(settings) && sources && { sources }) },
    }),
    ...(tls && { address }),
    endpoint: dropletEndpoint(address, settings),
    droplet,
    host,
    ...install,
  };
}

/** Does the firewall let in more addresses to the server's port than may use its management API? */
const isOpen = ({ data, apps = [] }: DropletSettings) =>
  data !== undefined || apps.some(({ domains }) => domains.length > 0);

function appsFacts({ apps = [] }: DropletSettings): Pick<InstallFacts, 'apps'> {
  if (apps.length === 0) return {};
  const sites = apps
    .filter(({ domains }) => domains.length > 0)
    .map(({ domains, sources }) => ({
      domains: [...domains],
      ...(sources && { sources: [...sources] }),
    }));
  return { apps: { memoryMb: sumOf(appsMemory(apps)), ...(sites.length > 0 && { sites }) } };
}

function managedFacts({ database, region, vpc }: DropletSettings) {
  if (database.managed === undefined) return {};
  return { managed: { ...database.managed, region, ...(vpc !== undefined && { vpc }) } };
}
