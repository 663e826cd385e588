import type { z } from 'zod';
import type { StageCall } from '../../../stacks/common/stage.js';
import type { Machine } from '../../machine.js';
import type { OnStep } from '../step-log.js';

/** A secret that only some stages may see. */
export type StageNeed = 'account' | 'database password';

/** What a stage receives besides its input. */
export interface StageContext {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onStep: OnStep;
  /** Opens the machines of the cluster. */
  readonly machines: () => Promise<readonly Machine[]>;
}

/**
 * A stage: one of the kit's own steps inside an apply or a destroy. Terraform runs it through
 * `scripts/run-stage.ts`. A new stage is one file, and a line in its target's list.
 */
export interface Stage<Shape extends z.ZodRawShape = z.ZodRawShape> {
  /** Name in stacks and states: frozen. */
  readonly name: string;
  /**
   * Only the facts that the stage uses: it runs again when its input changes. The input is
   * stored in the state, so nothing in it is secret.
   */
  readonly input: z.ZodObject<Shape>;
  /** @default - nothing */
  readonly needs?: readonly StageNeed[];
  /** Runs the stage, and returns one line for the log. */
  run(input: z.infer<z.ZodObject<Shape>>, context: StageContext): Promise<string>;
}

/** Infers the types of a stage. */
export const defineStage = <Shape extends z.ZodRawShape>(stage: Stage<Shape>): Stage<Shape> =>
  stage;

/**
 * Selects the input of a stage from all facts. Omits facts that a cluster lacks, so that the inputs
 * of other clusters do not change.
 */
export function inputFor<Shape extends z.ZodRawShape>(
  { input }: Stage<Shape>,
  facts: z.infer<z.ZodObject<Shape>>,
): z.infer<z.ZodObject<Shape>> {
  const known = facts as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.keys(input.shape).flatMap((key) =>
      known[key] === undefined ? [] : [[key, known[key]]],
    ),
  ) as z.infer<z.ZodObject<Shape>>;
}

/** Variables with an account's token: stages inherit Terraform's environment. */
export const ACCOUNT_VARIABLES = ['DIGITALOCEAN_TOKEN', 'DIGITALOCEAN_ACCESS_TOKEN'];

/** Facts that {@link stageCall} needs besides the stage's input. */
export interface CallFacts extends Readonly<Record<string, unknown>> {
  readonly attempt: string;
  readonly external?:
    | { readonly password: { readonly env: string } | { readonly file: string } }
    | undefined;
}

/** How a stack calls one of these stages. @throws Error when none has that name */
export function stageCall(
  stages: readonly Stage[],
  name: string,
  { attempt, ...facts }: CallFacts,
): StageCall {
  const stage = findStage(stages, name);
  if (stage === undefined) throw new Error(`there is no stage '${name}'`);
  const { needs = [] } = stage;
  const password = facts.external?.password;
  return {
    input: inputFor(stage, { attempt, ...facts }),
    attempt,
    withheld: [
      ...(needs.includes('account') ? [] : ACCOUNT_VARIABLES),
      ...(needs.includes('database password') || password === undefined || !('env' in password)
        ? []
        : [password.env]),
    ],
  };
}

/** The stage of that name, or `undefined`. */
export const findStage = (stages: readonly Stage[], name: string): Stage | undefined =>
  stages.find((stage) => stage.name === name);
