import { DataResource } from 'cdktf';
import { Construct } from 'constructs';
import type { DropletData } from './data.js';
import type { ReservedAddress } from './reserved-address.js';

/** What {@link DropletOrder} takes. */
export interface DropletOrderProps {
  readonly data: DropletData | undefined;
  readonly address: ReservedAddress | undefined;
}

/**
 * Separates what is taken from a droplet from what is done to it. Terraform removes a resource beside all others,
 * except those that depended on it and change as well. This one depends on volume and address and changes
 * with them; what acts on the droplet depends on this one, so it waits until they are detached and unassigned.
 */
export class DropletOrder extends Construct {
  readonly resource: DataResource;

  constructor(scope: Construct, id: string, { data, address }: DropletOrderProps) {
    super(scope, id);
    this.resource = new DataResource(this, 'order', {
      input: { volume: data !== undefined, address: address !== undefined },
      dependsOn: [...(data ? [data.volume] : []), ...(address ? [address.reserved] : [])],
    });
    this.resource.overrideLogicalId(id);
  }
}
