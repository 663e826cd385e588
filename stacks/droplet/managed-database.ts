import type { DataResource, ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Stage, type StageCall, type StageProgram } from '../common/stage.js';

/** What {@link ManagedDatabase} takes. */
export interface ManagedDatabaseProps {
  readonly program: StageProgram;
  readonly calls: (stage: 'managed-database' | 'drop-database') => StageCall;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * A database that DigitalOcean runs. It is no resource of the provider, which would write its password
 * into the state: one stage creates it; another, which is never replaced, deletes it at a real destroy.
 */
export class ManagedDatabase extends Construct {
  /** Changes whenever the stage ran again. */
  readonly runId: string;
  readonly resource: DataResource;

  constructor(scope: Construct, id: string, { program, calls, dependsOn }: ManagedDatabaseProps) {
    super(scope, id);
    const end = new Stage(this, 'drop-database', {
      program,
      stage: 'drop-database',
      call: calls('drop-database'),
      onCreate: false,
      onDestroy: 'drop-database',
      dependsOn,
    });
    const made = new Stage(this, 'managed-database', {
      program,
      stage: 'managed-database',
      call: calls('managed-database'),
      dependsOn: [end.resource],
    });
    this.runId = made.runId;
    this.resource = made.resource;
  }
}
