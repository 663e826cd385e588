import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Stage, type StageCall, type StageProgram } from './stage.js';

/** What {@link Registration} takes. */
export interface RegistrationProps {
  readonly program: StageProgram;
  readonly calls: (stage: 'register' | 'release') => StageCall;
  /** Changes after which the server is verified again. */
  readonly triggers: readonly string[];
  /** Ids of what the endpoint belongs to: the entry goes before they do. @default - none */
  readonly entryEndsWith?: readonly string[];
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Verification and registration: the last stage of an apply. A second one removes the entry, at a real destroy
 * only, before anything else of the cluster: if it belonged to the first, an apply that fails halfway would
 * leave a running cluster without its entry.
 */
export class Registration extends Construct {
  constructor(scope: Construct, id: string, props: RegistrationProps) {
    super(scope, id);
    const { program, calls, triggers, entryEndsWith = [], dependsOn } = props;
    const registered = new Stage(this, 'register', {
      program,
      stage: 'register',
      call: calls('register'),
      triggers,
      dependsOn,
    });
    new Stage(this, 'release', {
      program,
      stage: 'release',
      call: calls('release'),
      onCreate: false,
      onDestroy: 'release',
      triggers: entryEndsWith,
      dependsOn: [registered.resource],
    });
  }
}
