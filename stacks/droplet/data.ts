import { Volume } from '@cdktf/provider-digitalocean/lib/volume/index.js';
import { VolumeAttachment } from '@cdktf/provider-digitalocean/lib/volume-attachment/index.js';
import { type ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';

/** What {@link DropletData} takes. */
export interface DropletDataProps {
  readonly name: string;
  readonly region: string;
  readonly sizeGb: number;
  readonly tags: readonly string[];
  readonly dropletId: string;
  readonly dependsOn: ITerraformDependable[];
}

/** A separate volume for the data, which outlives the droplet, and its attachment. */
export class DropletData extends Construct {
  readonly id: string;
  readonly urn: string;
  readonly attachment: VolumeAttachment;

  constructor(scope: Construct, id: string, props: DropletDataProps) {
    super(scope, id);
    const volume = new Volume(this, 'volume', {
      name: props.name,
      region: props.region,
      size: props.sizeGb,
      initialFilesystemType: 'ext4',
      tags: [...props.tags],
      // It matters at creation only, and is unknown for an imported volume.
      lifecycle: { ignoreChanges: ['initial_filesystem_type'] },
      dependsOn: props.dependsOn,
    });
    volume.overrideLogicalId(id);
    this.attachment = new VolumeAttachment(this, 'attachment', {
      dropletId: Token.asNumber(props.dropletId),
      volumeId: volume.id,
    });
    this.attachment.overrideLogicalId(id);
    this.id = volume.id;
    this.urn = volume.urn;
  }
}
