import { Firewall } from '@cdktf/provider-digitalocean/lib/firewall/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { accountName } from '../lib/account-names.js';
import { usageError } from '../lib/errors.js';
import type { DropletSettings, Sources } from '../lib/settings/cluster-settings.js';

/** What {@link DropletFirewall} takes. */
export interface DropletFirewallProps {
  readonly settings: DropletSettings;
  /** The firewall holds for what carries this tag. */
  readonly tag: string;
  /** Who comes in where the settings name no sources: addresses and blocks. @default - nobody */
  readonly operator?: readonly string[];
  readonly dependsOn: ITerraformDependable[];
}

const SSH_PORT = 22;
const EVERYWHERE = ['0.0.0.0/0', '::/0'];

/**
 * What may come to a droplet, and go from it: in by ssh and to the server, each from its sources; out
 * to everywhere, since it gets packages and images.
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
    const opening = (port: number, key: 'ssh' | 'management') => ({
      protocol: 'tcp',
      portRange: String(port),
      sourceAddresses: sourcesOf(`clusters.${settings.name}.${key}`, settings[key], operator),
    });
    this.resource = new Firewall(this, 'rules', {
      name: accountName(settings.name, 'firewall'),
      tags: [tag],
      dependsOn,
      inboundRule: [opening(SSH_PORT, 'ssh'), opening(settings.port, 'management')],
      outboundRule: [
        { protocol: 'tcp', portRange: 'all', destinationAddresses: EVERYWHERE },
        { protocol: 'udp', portRange: 'all', destinationAddresses: EVERYWHERE },
        { protocol: 'icmp', destinationAddresses: EVERYWHERE },
      ],
    });
    this.resource.overrideLogicalId(id);
  }
}

function sourcesOf(path: string, written: Sources | undefined, operator: readonly string[] = []) {
  const sources = written?.sources ?? operator;
  if (sources.length > 0) return [...new Set(sources)].sort();
  throw usageError('sources-unknown', {
    path: `${path}.sources`,
    message: 'is missing, and the address that you come from is not known',
    hint: 'Write the sources, such as [203.0.113.7], or tell your address with --source.',
  });
}
