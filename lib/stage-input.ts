import { z } from 'zod';

/**
 * What Terraform hands to the stages that run inside an apply. It stands in state and in process
 * arguments, so nothing in it is secret.
 */
export const stageInput = z.strictObject({
  cluster: z.string(),
  /** State directory of the checkout: the label on everything of it. */
  project: z.string(),
  /** Where the cluster's key pair and database password are kept. */
  keyDirectory: z.string(),
  /** Host of the registry entry. */
  endpoint: z.string(),
  /** Path of the registry file. */
  registry: z.string(),
  /** Image of the database; also carries files into the configuration volume. */
  databaseImage: z.string(),
  /** Version whose protocol the server speaks. */
  version: z.string(),
});

export type StageInput = z.infer<typeof stageInput>;

/** The stages inside an apply, in order, and the one inside a destroy. */
export const STAGES = ['configure', 'await-database', 'register', 'release'] as const;

export type StageName = (typeof STAGES)[number];
