import { ReservedIp } from '@cdktf/provider-digitalocean/lib/reserved-ip/index.js';
import { ReservedIpAssignment } from '@cdktf/provider-digitalocean/lib/reserved-ip-assignment/index.js';
import { type ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';

/** What {@link ReservedAddress} takes. */
export interface ReservedAddressProps {
  readonly region: string;
  readonly dependsOn: ITerraformDependable[];
}

/** An address that stays when the droplet is replaced. */
export class ReservedAddress extends Construct {
  readonly reserved: ReservedIp;

  constructor(scope: Construct, id: string, { region, dependsOn }: ReservedAddressProps) {
    super(scope, id);
    this.reserved = new ReservedIp(this, 'reserved', {
      region,
      dependsOn,
      // The assignment sets it; otherwise the two resources would undo each other's change.
      lifecycle: { ignoreChanges: ['droplet_id'] },
    });
    this.reserved.overrideLogicalId(id);
  }

  /** Assigns it to a droplet, after `dependsOn`. */
  assignTo(dropletId: string, dependsOn: ITerraformDependable[]): ReservedIpAssignment {
    const assignment = new ReservedIpAssignment(this, 'assignment', {
      ipAddress: this.reserved.ipAddress,
      dropletId: Token.asNumber(dropletId),
      dependsOn,
    });
    assignment.overrideLogicalId(this.node.id);
    return assignment;
  }
}
