import type { DataResource, ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { StageFacts } from '../../targets/common/stages/input.js';
import { Stage, type StageProgram } from './stage.js';

/** What {@link DatabaseClaim} takes. */
export interface DatabaseClaimProps {
  readonly program: StageProgram;
  readonly facts: Omit<StageFacts, 'endpoint'>;
  /** What has to be there as long as the claim is: what knows how to log in, and the way there. */
  readonly after: ITerraformDependable[];
}

/**
 * A cluster's hold on a database of one's own. The stage that logs in takes it; here is its end, never
 * replaced, so that the database is given back at a real destroy only, when what depends on it is gone.
 */
export class DatabaseClaim extends Construct {
  readonly resource: DataResource;

  constructor(scope: Construct, id: string, { program, facts, after }: DatabaseClaimProps) {
    super(scope, id);
    this.resource = new Stage(this, 'release-database', {
      program,
      facts,
      stage: 'release-database',
      onCreate: false,
      onDestroy: 'release-database',
      dependsOn: after,
    }).resource;
  }
}
