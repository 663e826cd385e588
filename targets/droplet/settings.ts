import { isBundled } from '../../cluster/bundled-images.js';
import { appsPart } from '../../cluster/settings/apps/apps-part.js';
import type { ClusterEntry } from '../../cluster/settings/entry.js';
import type { ClusterSettings, ImageTransport } from '../../cluster/settings/settings.js';
import type { Problem } from '../../lib/errors.js';
import type { DropletStackSettings } from '../../stacks/droplet/settings.js';
import type { TargetSettings } from '../target-settings.js';
import { type DropletEntry, dropletShape } from './schema.js';

/** A cluster on a DigitalOcean droplet. */
export interface DropletSettings extends ClusterSettings, DropletStackSettings {
  readonly target: 'digitalocean';
  readonly images: {
    readonly server: ImageTransport;
    readonly database: ImageTransport;
    readonly gateway?: ImageTransport;
    readonly proxy?: ImageTransport;
    /** Of applications that nobody builds. @default - by what they are */
    readonly apps?: ImageTransport;
  };
}

/** Endpoint of a server on a droplet. */
export function dropletEndpoint(
  address: string,
  { port, tls }: Pick<DropletSettings, 'port' | 'tls'>,
): string {
  if (tls === undefined) return `http://${address}:${port}`;
  if (tls.kind === 'pinned') return `https://${address}:${port}`;
  return port === 443 ? `https://${tls.domain}` : `https://${tls.domain}:${port}`;
}

/** Schema and defaults of such a cluster in `clusters.yml`. */
export const dropletSettings: TargetSettings<DropletSettings> = {
  shape: dropletShape,
  complete: (entry, common) => ({ ...common, ...dropletPart(entry as DropletEntry, common) }),
  problems: appPortProblems,
};

const SSH_PORT = 22;

/** Applications cannot have the port over which the kit reaches the droplet. */
function appPortProblems(path: string, { apps }: ClusterEntry): Problem[] {
  return appsPart(apps)
    .filter(({ published }) => published === SSH_PORT)
    .map(({ name }) => ({
      path: `${path}.apps.${name}.port`,
      message: `is ${SSH_PORT}, on which the droplet has ssh`,
      hint: 'Choose another port.',
    }));
}

/** Settings of a droplet. Omits missing keys, because `undefined` is no value. */
function dropletPart(
  entry: DropletEntry,
  { server, database, gateway, tls }: ClusterSettings,
): Omit<DropletSettings, Exclude<keyof ClusterSettings, 'target'>> {
  const { region, size, image, reservedIp, tags, backups, monitoring, images } = entry;
  const { ssh, management, data, project, vpc } = entry;
  const transport = (image: string) => images ?? (isBundled(image) ? 'push' : 'pull');
  const isElsewhere = database.external !== undefined || database.managed !== undefined;
  return {
    target: 'digitalocean',
    ...{ region, size, image, reservedIp, tags, backups, monitoring },
    // Without data on the droplet it needs no volume.
    volume: isElsewhere ? false : entry.volume,
    ...(ssh && { ssh }),
    ...(management && { management }),
    ...(data && { data }),
    ...(project !== undefined && { project }),
    ...(vpc !== undefined && { vpc }),
    images: {
      server: transport(server.image),
      database: transport(database.image),
      ...(gateway && { gateway: transport(gateway.image) }),
      ...(tls && { proxy: transport(tls.proxyImage) }),
      ...(images && { apps: images }),
    },
  };
}
