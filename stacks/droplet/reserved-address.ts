import { ReservedIp } from '@cdktf/provider-digitalocean/lib/reserved-ip/index.js';
import { ReservedIpAssignment } from '@cdktf/provider-digitalocean/lib/reserved-ip-assignment/index.js';
import { type ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';

/** What {@link ReservedAddress} takes. */
export interface ReservedAddressProps {
  readonly region: string;
  readonly dropletId: string;
  readonly dependsOn: ITerraformDependable[];
}

/** An address that stays when the droplet is replaced, and its assignment. */
export class ReservedAddress extends Construct {
  readonly address: string;
  readonly urn: string;
  readonly assignment: ReservedIpAssignment;

  constructor(
    scope: Construct,
    id: string,
    { region, dropletId, dependsOn }: ReservedAddressProps,
  ) {
    super(scope, id);
    const reserved = new ReservedIp(this, 'reserved', {
      region,
      dependsOn,
      // The assignment sets it; otherwise the two resources would undo each other's change.
      lifecycle: { ignoreChanges: ['droplet_id'] },
    });
    reserved.overrideLogicalId(id);
    this.assignment = new ReservedIpAssignment(this, 'assignment', {
      ipAddress: reserved.ipAddress,
      dropletId: Token.asNumber(dropletId),
    });
    this.assignment.overrideLogicalId(id);
    this.address = reserved.ipAddress;
    this.urn = reserved.urn;
  }
}
