import { Firewall } from '@cdktf/provider-digitalocean/lib/firewall/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { AppSettings } from '../../cluster/settings/apps/settings.js';
import { usageError } from '../../lib/errors.js';
import { accountName } from './account-names.js';
import type { DropletStackSettings } from './settings.js';

/** What {@link DropletFirewall} takes. */
export interface DropletFirewallProps {
  readonly settings: DropletStackSettings;
  /** The firewall applies to droplets with this tag. */
  readonly tag: string;
  /** Addresses and blocks with access where the settings have no sources. @default - none */
  readonly operator?: readonly string[];
  readonly dependsOn: ITerraformDependable[];
}

const SSH_PORT = 22;
const HTTP_PORT = 80;
const EVERYWHERE = ['0.0.0.0/0', '::/0'];

/**
 * Inbound and outbound rules of a droplet: in to ssh, the server and the published ports of applications, each
 * from its sources; out to everywhere, because it downloads packages and images. Host names of applications share
 * the server's port: the proxy and the gateway tell their clients apart.
 */
export class DropletFirewall extends Construct {
  readonly resource: Firewall;

  /** @throws KitError `sources-unknown` (exit 2) when sources are missing and no operator is known */
  constructor(
    scope: Construct,
    id: string,
    { settings, tag, operator, dependsOn }: DropletFirewallProps,
  ) {
    super(scope, id);
    const opening = (port: number, sourceAddresses: readonly string[]) => ({
      protocol: 'tcp',
      portRange: String(port),
      sourceAddresses: unique(sourceAddresses),
    });
    const { ssh, management, data } = dropletSources(settings, operator);
    const { apps = [] } = settings;
    const sites = apps.filter(({ domains }) => domains.length > 0).flatMap(appSources);
    const isChallenged = settings.tls?.kind === 'acme';
    this.resource = new Firewall(this, 'rules', {
      name: accountName(settings.name, 'firewall'),
      tags: [tag],
      dependsOn,
      inboundRule: [
        opening(SSH_PORT, ssh),
        opening(settings.port, [...management, ...data, ...sites]),
        // An authority may connect from any address; Caddy redirects all else to https.
        ...(isChallenged ? [opening(HTTP_PORT, EVERYWHERE)] : []),
        ...apps.flatMap((app) =>
          app.published === undefined ? [] : [opening(app.published, appSources(app))],
        ),
      ],
      outboundRule: [
        { protocol: 'tcp', portRange: 'all', destinationAddresses: EVERYWHERE },
        { protocol: 'udp', portRange: 'all', destinationAddresses: EVERYWHERE },
        { protocol: 'icmp', destinationAddresses: EVERYWHERE },
      ],
    });
    this.resource.overrideLogicalId(id);
  }
}

/** Who may reach an application: everybody, unless it has sources. */
const appSources = ({ sources }: Pick<AppSettings, 'sources'>): readonly string[] =>
  sources ?? EVERYWHERE;

/** Who may reach what on a droplet: addresses and blocks. */
export interface DropletSources {
  readonly ssh: string[];
  readonly management: string[];
  /** As `management`, unless the settings say otherwise. */
  readonly data: string[];
}

/** @throws KitError `sources-unknown` (exit 2) when sources are missing and no operator is known */
export function dropletSources(
  settings: DropletStackSettings,
  operator: readonly string[] = [],
): DropletSources {
  const of = (key: 'ssh' | 'management') => {
    const sources = settings[key]?.sources ?? operator;
    if (sources.length === 0) throw sourcesUnknown(`clusters.${settings.name}.${key}.sources`);
    return unique(sources);
  };
  const management = of('management');
  return { ssh: of('ssh'), management, data: unique(settings.data?.sources ?? management) };
}

const unique = (sources: readonly string[]) => [...new Set(sources)].sort();

const sourcesUnknown = (path: string) =>
  usageError('sources-unknown', {
    path,
    message: 'is missing, and your address is not known',
    hint: 'Set the sources, such as [203.0.113.7], or pass your address with --source.',
  });
