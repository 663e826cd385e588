import type { DataResource, ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { StageInput } from '../../targets/common/stages/input.js';
import { Stage, type StageProgram } from '../common/stage.js';

/** What {@link ManagedDatabase} takes. */
export interface ManagedDatabaseProps {
  readonly program: StageProgram;
  readonly facts: StageInput<'managed-database'> & { readonly attempt: string };
  readonly dependsOn: ITerraformDependable[];
}

/**
 * A database that DigitalOcean keeps. No resource of the provider's, which would write its password
 * into the state: a stage makes it, and another, which is never replaced, ends it at a real destroy.
 */
export class ManagedDatabase extends Construct {
  /** Changes whenever it was looked at again. */
  readonly runId: string;
  readonly resource: DataResource;

  constructor(scope: Construct, id: string, { program, facts, dependsOn }: ManagedDatabaseProps) {
    super(scope, id);
    const end = new Stage(this, 'drop-database', {
      program,
      facts,
      stage: 'drop-database',
      needsAccount: true,
      onCreate: false,
      onDestroy: 'drop-database',
      dependsOn,
    });
    const made = new Stage(this, 'managed-database', {
      program,
      facts,
      stage: 'managed-database',
      needsAccount: true,
      dependsOn: [end.resource],
    });
    this.runId = made.runId;
    this.resource = made.resource;
  }
}
