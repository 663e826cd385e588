import type { DataResource, ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Stage, type StageCall, type StageProgram } from './stage.js';

/** What {@link DatabaseClaim} takes. */
export interface DatabaseClaimProps {
  readonly program: StageProgram;
  readonly call: StageCall;
  /** What must exist as long as the claim: the stored login, and the connection to the database. */
  readonly after: ITerraformDependable[];
}

/**
 * A cluster's claim on an external database. The stage that logs in makes the claim; this resource ends
 * it. It is never replaced, so it releases the database at a real destroy only, after its dependents.
 */
export class DatabaseClaim extends Construct {
  readonly resource: DataResource;

  constructor(scope: Construct, id: string, { program, call, after }: DatabaseClaimProps) {
    super(scope, id);
    this.resource = new Stage(this, 'release-database', {
      program,
      stage: 'release-database',
      call,
      onCreate: false,
      onDestroy: 'release-database',
      dependsOn: after,
    }).resource;
  }
}
