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
  readonly dependsOn: ITerraformDependable[];
}

/** A separate volume for the data, which outlives the droplet. */
export class DropletData extends Construct {
  readonly volume: Volume;

  constructor(scope: Construct, id: string, props: DropletDataProps) {
    super(scope, id);
    this.volume = new Volume(this, 'volume', {
      name: props.name,
      region: props.region,
      size: props.sizeGb,
      initialFilesystemType: 'ext4',
      tags: [...props.tags],
      // It matters at creation only, and is unknown for an imported volume.
      lifecycle: { ignoreChanges: ['initial_filesystem_type'] },
      dependsOn: props.dependsOn,
    });
    this.volume.overrideLogicalId(id);
  }

  /** Attaches it to a droplet, after `dependsOn`. */
  attachTo(dropletId: string, dependsOn: ITerraformDependable[]): VolumeAttachment {
    const attachment = new VolumeAttachment(this, 'attachment', {
      dropletId: Token.asNumber(dropletId),
      volumeId: this.volume.id,
      dependsOn,
    });
    attachment.overrideLogicalId(this.node.id);
    return attachment;
  }
}
