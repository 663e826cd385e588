import { DataResource, type ITerraformDependable, type LocalExecProvisioner } from 'cdktf';
import { Construct } from 'constructs';
import { inputFor, type StageInput, type StageName } from '../lib/stage-input.js';

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
  readonly facts: StageInput<Name> & { readonly attempt: string };
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
  readonly onDestroy?: 'forget' | 'forget-droplet' | 'release';
  /** @default - none */
  readonly triggers?: readonly string[];
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
    const { program, facts, stage, onCreate = true, onDestroy, triggers = [], dependsOn } = props;
    const input = inputFor(stage, facts);
    const command = (name: string): LocalExecProvisioner => ({
      type: 'local-exec',
      interpreter: [program.node, program.script, name],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's template, not ours
      command: '${jsonencode(self.input)}',
    });
    this.resource = new DataResource(this, 'run', {
      input: { ...input },
      // A stage that was killed while it ran may stand in state as if it had ended: Terraform writes
      // the resource down before its command, and anything that ends beside it saves the state. So
      // all stages of a cut apply run again.
      ...(onCreate && { triggersReplace: [input, facts.attempt, ...triggers] }),
      dependsOn,
      provisioners: [
        ...(onCreate ? [command(stage)] : []),
        ...(onDestroy === undefined ? [] : [{ ...command(onDestroy), when: 'destroy' as const }]),
      ],
    });
    this.resource.overrideLogicalId(id);
    this.runId = this.resource.id;
  }
}
