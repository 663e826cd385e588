import { DataResource, type ITerraformDependable, type LocalExecProvisioner } from 'cdktf';
import { Construct } from 'constructs';
import { literal, literals } from './literal.js';

/** The program that runs a stage: `<node> <script> <stage> <state directory> <input as JSON>`. */
export interface StageProgram {
  /** Path of the Node executable. */
  readonly node: string;
  /** Path of the compiled `scripts/run-stage.js`. */
  readonly script: string;
  /** Where the state directory is now; the paths in an input are those of where the cluster was made. */
  readonly stateDir: string;
}

/** How a stage is called; the cluster's target decides. */
export interface StageCall {
  /** Stored in the state, so nothing in it is secret. May contain references to resources. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Changes when the last apply was interrupted: then every stage runs again. */
  readonly attempt: string;
  /** Environment variables that the stage must not see. */
  readonly withheld: readonly string[];
}

/** What {@link Stage} takes. */
export interface StageProps {
  readonly program: StageProgram;
  /** Name of the stage that runs when the resource is created. */
  readonly stage: string;
  readonly call: StageCall;
  /**
   * Run the stage when the resource is created, and again when its input or a trigger changes.
   * @default true
   */
  readonly onCreate?: boolean;
  /**
   * Name of the stage that runs with the same input when the resource is destroyed.
   * @default - nothing
   */
  readonly onDestroy?: string;
  /**
   * Changes that replace the resource, in addition to those of its input. One with only a destroy-time
   * command is replaced by these alone.
   * @default - none
   */
  readonly triggers?: readonly string[];
  /** Why nothing may be created: a plan then fails with this text. @default - it may */
  readonly refusal?: string;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * One of the kit's own steps inside the apply: a `terraform_data` whose create- and destroy-time
 * commands call the kit. Destroy-time commands see only `self`, so the input is part of it.
 */
export class Stage extends Construct {
  /** Changes whenever the stage ran again. */
  readonly runId: string;
  readonly resource: DataResource;

  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id);
    const { program, stage, call, onCreate = true, onDestroy, triggers = [], refusal } = props;
    const { attempt, withheld } = call;
    const input = literals(call.input);
    // A stage that was killed may be in the state as if it had finished: Terraform records the
    // resource before its command runs, and any other resource that finishes saves the state. So all
    // stages of an interrupted apply run again.
    const replacedBy = onCreate ? [input, attempt, ...triggers] : triggers;
    const environment = Object.fromEntries(withheld.map((name) => [name, '']));
    const command = (name: string): LocalExecProvisioner => ({
      type: 'local-exec',
      interpreter: literals([program.node, program.script, name, program.stateDir]),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's template, not ours
      command: '${jsonencode(self.input)}',
      ...(withheld.length > 0 && { environment }),
    });
    this.resource = new DataResource(this, 'run', {
      input: { ...input },
      ...(replacedBy.length > 0 && { triggersReplace: replacedBy }),
      dependsOn: props.dependsOn,
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

/** A condition that never holds; Terraform requires it to refer to something. */
const refusedBy = (refusal: string) => ({
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's template, not ours
  condition: '${path.module == ""}',
  errorMessage: literal(refusal),
});
