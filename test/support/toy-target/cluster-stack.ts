import { DataResource, LocalBackend, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

/** What {@link ToyClusterStack} takes. */
export interface ToyClusterStackProps {
  readonly stateFile: string;
  readonly machines: number;
}

/** As many machines as the settings ask for, none of which costs anything. */
export class ToyClusterStack extends TerraformStack {
  constructor(scope: Construct, id: string, { stateFile, machines }: ToyClusterStackProps) {
    super(scope, id);
    new LocalBackend(this, { path: stateFile });
    for (let number = 1; number <= machines; number += 1) {
      new DataResource(this, `machine-${number}`, { input: { number } });
    }
  }
}
