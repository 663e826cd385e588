import { DataResource, type ITerraformDependable, type LocalExecProvisioner } from 'cdktf';
import { Construct } from 'constructs';
import {
  inputFor,
  type StageFacts,
  type StageInput,
  type StageName,
} from '../../targets/common/stages/input.js';

/** The program that runs a stage: `<node> <script> <stage> <input as JSON>`. */
export interface StageProgram {
  /** Path of the Node executable. */
  readonly node: string;
  /** Path of the compiled `scripts/run-stage.js`. */
  readonly script: string;
}

/** What {@link Stage} takes. */
export interface StageProps<Name extends StageName> {
  readonly program: StageProgram;
  /** The input, and whatever else is known of the cluster. */
  readonly facts: StageInput<Name> & {
    readonly attempt: string;
    readonly external?: StageFacts['external'];
  };
  /** Whose input this is. */
  readonly stage: Name;
  /**
   * Run the stage when the resource is created, and again when its input or a trigger changes.
   * @default true
   */
  readonly onCreate?: boolean;
  /**
   * Runs when the stage is destroyed, with the same input.
   * @default - nothing
   */
  readonly onDestroy?:
    | 'forget'
    | 'forget-droplet'
    | 'drop-database'
    | 'release'
    | 'release-database';
  /** @default - none */
  readonly triggers?: readonly string[];
  /** The stage works on the account, and gets the token for it; no other does. @default false */
  readonly needsAccount?: boolean;
  /** Why nothing may be made: a plan then fails with these words. @default - it may */
  readonly refusal?: string;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * A step of the kit's own inside the apply: a `terraform_data` whose create- and destroy-time
 * commands call the kit. Destroy-time commands see only `self`, so the input travels in it.
 */
export class Stage<Name extends StageName> extends Construct {
  /** Changes whenever the stage ran again. */
  readonly runId: string;
  readonly resource: DataResource;

  constructor(scope: Construct, id: string, props: StageProps<Name>) {
    super(scope, id);
    const {
      program,
      facts,
      stage,
      onCreate = true,
      onDestroy,
      triggers = [],
      refusal,
      dependsOn,
      needsAccount = false,
    } = props;
    const input = inputFor(stage, facts);
    const unneeded = {
      ...(!needsAccount && NO_TOKENS),
      ...(!LOGS_IN.includes(stage) && noPassword(facts.external)),
    };
    const command = (name: string): LocalExecProvisioner => ({
      type: 'local-exec',
      interpreter: [program.node, program.script, name],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's template, not ours
      command: '${jsonencode(self.input)}',
      ...(Object.keys(unneeded).length > 0 && { environment: unneeded }),
    });
    this.resource = new DataResource(this, 'run', {
      input: { ...input },
      // A stage that was killed while it ran may stand in state as if it had ended: Terraform writes
      // the resource down before its command, and anything that ends beside it saves the state. So
      // all stages of a cut apply run again.
      ...(onCreate && { triggersReplace: [input, facts.attempt, ...triggers] }),
      dependsOn,
      ...(refusal !== undefined && { lifecycle: { precondition: [refusedBy(refusal)] } }),
      provisioners: [
        ...(onCreate ? [command(stage)] : []),
        ...(onDestroy === undefined ? [] : [{ ...command(onDestroy), when: 'destroy' as const }]),
      ],
    });
    this.resource.overrideLogicalId(id);
    this.runId = this.resource.id;
  }
}

/** Terraform's environment reaches every stage. */
const NO_TOKENS = { DIGITALOCEAN_TOKEN: '', DIGITALOCEAN_ACCESS_TOKEN: '' };

/** Stages that log in to a database of one's own. */
const LOGS_IN: readonly StageName[] = ['configure', 'install', 'release-database'];

const noPassword = (external: StageFacts['external']) =>
  external && 'env' in external.password ? { [external.password.env]: '' } : {};

/** A condition that never holds; Terraform wants it to look at something. */
const refusedBy = (refusal: string) => ({
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's template, not ours
  condition: '${path.module == ""}',
  errorMessage: refusal.replaceAll(/([$%]){/g, '$1$1{'),
});
