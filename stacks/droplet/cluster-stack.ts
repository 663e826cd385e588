import { Droplet } from '@cdktf/provider-digitalocean/lib/droplet/index.js';
import { DigitaloceanProvider } from '@cdktf/provider-digitalocean/lib/provider/index.js';
import { SshKey } from '@cdktf/provider-digitalocean/lib/ssh-key/index.js';
import { Tag } from '@cdktf/provider-digitalocean/lib/tag/index.js';
import { type ITerraformDependable, LocalBackend, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { DIGITALOCEAN_PROVIDER } from '../../clients/terraform/built-provider.js';
import { DatabaseClaim } from '../common/database-claim.js';
import { Registration } from '../common/registration.js';
import { Stage, type StageCall, type StageProgram } from '../common/stage.js';
import { accountName, clusterTag, KIT_TAG } from './account-names.js';
import { DropletData } from './data.js';
import { DropletFirewall, dropletSources } from './firewall.js';
import { ManagedDatabase } from './managed-database.js';
import { DropletOrder } from './order.js';
import { DropletProject } from './project.js';
import type { DropletReferences } from './references.js';
import { ReservedAddress } from './reserved-address.js';
import type { DropletStackSettings } from './settings.js';

/** Inputs of a droplet's boot besides settings: created before synthesis; nothing in it is secret. */
export interface BootInputs {
  /** Public half of the login key, in OpenSSH's form. */
  readonly loginPublicKey: string;
  /**
   * Path of the user data. Terraform reads it, so that the host key in it appears in no JSON. It need not
   * exist once the droplet does.
   */
  readonly userDataFile: string;
  /**
   * The operator's own addresses or blocks, which have access where the settings have no sources.
   * @default - synthesis fails where they are needed
   */
  readonly operator?: readonly string[];
}

/** What {@link DropletClusterStack} takes. */
export interface DropletClusterStackProps {
  readonly settings: DropletStackSettings;
  /** Path of the Terraform state. */
  readonly stateFile: string;
  readonly program: StageProgram;
  /** How stages are called; `droplet` is set for those that run after its creation. */
  readonly calls: (stage: string, droplet?: DropletReferences) => StageCall;
  /** Where clients reach the server. */
  readonly endpoint: (address: string) => string;
  readonly boot: BootInputs;
  /** Why nothing can be created; existing resources can be destroyed. @default - it can */
  readonly refusal?: string | undefined;
}

/** Some time from 4 to 8 h UTC. Without a policy the API makes daily backups, which cost more. */
const WEEKLY = { plan: 'weekly', weekday: 'SUN', hour: 4 };

/**
 * A cluster on a DigitalOcean droplet: key, firewall, droplet, data, optional resources, and the stages
 * that install, verify and register the server. Token and address of the API come from the environment
 * only.
 *
 * The firewall selects the cluster's tag, so it protects the droplet from its first second.
 *
 * DigitalOcean refuses an action on a droplet while another one is pending. So whatever acts on the droplet
 * has one order, at every apply and destroy: volume (a resize acts on the droplet that has it), what is taken
 * away, droplet, attachment, assignment.
 */
export class DropletClusterStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: DropletClusterStackProps) {
    super(scope, id);
    const { settings, program, calls, boot, refusal } = props;
    const { name, region } = settings;

    new LocalBackend(this, { path: props.stateFile });
    new DigitaloceanProvider(this, 'digitalocean');
    this.addOverride(
      'terraform.required_providers.digitalocean.version',
      DIGITALOCEAN_PROVIDER.versions,
    );

    // Never replaced, so that its destroy-time command runs at a real destroy only.
    const forgotten = new Stage(this, 'ground', {
      program,
      stage: 'forget-droplet',
      call: calls('forget-droplet'),
      onCreate: false,
      onDestroy: 'forget-droplet',
      dependsOn: [],
    });
    const swept = new Stage(this, 'sweep', {
      program,
      stage: 'sweep-droplet',
      call: calls('sweep-droplet'),
      ...(refusal !== undefined && { refusal }),
      dependsOn: [forgotten.resource],
    });
    const afterSweep: ITerraformDependable[] = [swept.resource];
    const tag = new Tag(this, 'tag', { name: clusterTag(name), dependsOn: afterSweep });
    const tags = [KIT_TAG, tag.name, ...settings.tags];
    const key = new SshKey(this, 'login', {
      name: accountName(name, 'login'),
      publicKey: boot.loginPublicKey,
      dependsOn: afterSweep,
    });
    // The key is created before everything else and removed after it, because it identifies the rest. At a
    // destroy, objects unknown to Terraform, such as a second droplet after a lost response, are removed
    // before the key; and before the tag, which cannot be removed while a firewall uses it.
    const remains = new Stage(this, 'remains', {
      program,
      stage: 'forget-droplet',
      call: calls('forget-droplet'),
      onCreate: false,
      onDestroy: 'forget-droplet',
      dependsOn: [key, tag],
    });
    const afterKey: ITerraformDependable[] = [remains.resource];

    const firewall = new DropletFirewall(this, 'firewall', {
      settings,
      tag: tag.name,
      dependsOn: afterKey,
      ...(boot.operator !== undefined && { operator: boot.operator }),
    });
    const { external } = settings.database;
    const claimAfter = (after: ITerraformDependable[]) =>
      new DatabaseClaim(this, 'claim', { program, call: calls('release-database'), after })
        .resource;
    const claim = external && external.checkFrom !== 'host' ? [claimAfter(afterKey)] : [];
    const address = settings.reservedIp
      ? new ReservedAddress(this, 'address', { region, dependsOn: afterKey })
      : undefined;
    const data =
      settings.volume === false
        ? undefined
        : new DropletData(this, 'data', {
            ...{ name: accountName(name, 'data'), region, sizeGb: settings.volume.sizeGb },
            // An address that is taken away is unassigned before a resize.
            ...{ tags, dependsOn: [...afterKey, ...(address ? [address.reserved] : [])] },
          });
    const order = new DropletOrder(this, 'order', { data, address });
    const path = JSON.stringify(boot.userDataFile).replaceAll(/([$%]){/g, '$1$1{');
    const droplet = new Droplet(this, 'droplet', {
      name: accountName(name, 'droplet'),
      region,
      size: settings.size,
      image: settings.image,
      sshKeys: [key.id],
      userData: `\${fileexists(${path}) ? file(${path}) : null}`,
      tags,
      backups: settings.backups,
      ...(settings.backups && { backupPolicy: WEEKLY }),
      monitoring: settings.monitoring,
      // Disks can only grow, so a resize keeps the old disk to stay reversible.
      resizeDisk: false,
      ...(settings.vpc !== undefined && { vpcUuid: settings.vpc }),
      // They matter at the first boot only, but a change would replace the droplet.
      lifecycle: { ignoreChanges: ['user_data', 'ssh_keys', 'image'] },
      dependsOn: [firewall.resource, ...claim, order.resource],
    });
    const attachment = data ? [data.attachTo(droplet.id, [order.resource])] : [];
    const assigned = [order.resource, ...attachment];
    const assignment = address ? [address.assignTo(droplet.id, assigned)] : [];
    const attached = [...attachment, ...assignment];
    if (settings.project !== undefined) {
      new DropletProject(this, 'project', {
        ...{ cluster: name, name: settings.project, dependsOn: [droplet, ...attached] },
        droplet: droplet.urn,
        volume: data?.volume.urn,
      });
    }

    const managed = settings.database.managed
      ? new ManagedDatabase(this, 'managed', {
          program,
          calls,
          dependsOn: afterKey,
        })
      : undefined;

    const clientAddress = address?.reserved.ipAddress ?? droplet.ipv4Address;
    const { management, data: dataSources } = dropletSources(settings, boot.operator);
    const references: DropletReferences = {
      droplet: droplet.id,
      host: droplet.ipv4Address,
      address: clientAddress,
      sources: { management, data: dataSources },
    };
    // Here the droplet is the connection to the database: it is destroyed after the claim.
    const claimByDroplet =
      external?.checkFrom === 'host' ? [claimAfter([droplet, ...attached])] : [];
    const installed = new Stage(this, 'install', {
      program,
      stage: 'install',
      call: calls('install', references),
      triggers: [
        ...[droplet.id, settings.size],
        ...(data ? [data.volume.id] : []),
        // The file system grows, too.
        ...(settings.volume === false ? [] : [`${settings.volume.sizeGb} GB`]),
        ...(managed ? [managed.runId] : []),
      ],
      dependsOn: [
        ...[droplet, ...attached],
        ...(managed ? [managed.resource] : []),
        ...claimByDroplet,
      ],
    });
    new Registration(this, 'registration', {
      program,
      calls: (stage) => calls(stage, references),
      triggers: [droplet.id, installed.runId],
      entryEndsWith: [droplet.id],
      dependsOn: [installed.resource],
    });

    new TerraformOutput(this, 'endpoint', { value: props.endpoint(clientAddress) });
    new TerraformOutput(this, 'host', { value: droplet.ipv4Address });
  }
}
