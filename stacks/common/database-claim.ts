import type { DataResource, ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Stage, type StageCall, type StageProgram } from './stage.js';

/** What {@link DatabaseClaim} takes. */
export interface DatabaseClaimProps {
  readonly program: StageProgram;
  readonly call: StageCall;
  /** What has to exist as long as the claim: the stored login, and the way to the database. */
  readonly after: ITerraformDependable[];
}

/**
 * A cluster's claim on an external database. The stage that logs in takes it; here is its end, never
 * replaced, so that the database is released at a real destroy only, when what depends on it is gone.
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
