import { z } from 'zod';

/**
 * Everything that a stage inside an apply may need. It stands in state and in process arguments,
 * so nothing in it is secret.
 */
const all = z.strictObject({
  cluster: z.string(),
  /** State directory of the checkout: the label on everything of it. */
  project: z.string(),
  /** Where the cluster's key pair and database password are kept. */
  keyDirectory: z.string(),
  /** Host of the registry entry. */
  endpoint: z.string(),
  /** Path of the registry file. */
  registry: z.string(),
  connector: z.enum(['postgres', 'mysql']),
  auth: z.enum(['rsa', 'secret']),
  /** Image whose own command the configuration starts; empty when the server reads it by itself. */
  startedImage: z.string(),
  /** Image of the database; also carries files into the configuration volume. */
  databaseImage: z.string(),
  /** Version whose protocol the server speaks. */
  version: z.string(),
  /** Terraform state of the cluster. */
  stateFile: z.string(),
  /** Changes when the last apply was cut short: see `lib/terraform/attempt.ts`. */
  attempt: z.string(),
});

/**
 * The stages inside an apply, in order, and what each is told: no more than it uses, since a stage
 * runs again when its input changes.
 */
export const STAGE_INPUTS = {
  /** The one stage that runs only at destroy time, as the last. */
  forget: all.pick({ cluster: true, project: true, keyDirectory: true, registry: true }),
  sweep: all.pick({
    cluster: true,
    project: true,
    stateFile: true,
    attempt: true,
    keyDirectory: true,
    endpoint: true,
    registry: true,
    connector: true,
    version: true,
  }),
  configure: all.pick({
    cluster: true,
    project: true,
    keyDirectory: true,
    connector: true,
    auth: true,
    startedImage: true,
    databaseImage: true,
    version: true,
  }),
  'await-database': all.pick({ cluster: true, keyDirectory: true, connector: true }),
  /** Also what its counterpart `release` is told at destroy time. */
  register: all.pick({
    cluster: true,
    keyDirectory: true,
    auth: true,
    version: true,
    endpoint: true,
    registry: true,
  }),
} as const;

export type StageName = keyof typeof STAGE_INPUTS;
export type StageInput<Name extends StageName> = z.infer<(typeof STAGE_INPUTS)[Name]>;

/** Every fact about a cluster that stages are told. */
export type StageFacts = z.infer<typeof all>;

/** What a stage is told, out of all facts. */
export function inputFor<Name extends StageName>(name: Name, facts: StageFacts): StageInput<Name> {
  const keys = Object.keys(STAGE_INPUTS[name].shape) as (keyof StageFacts)[];
  return Object.fromEntries(keys.map((key) => [key, facts[key]])) as StageInput<Name>;
}
