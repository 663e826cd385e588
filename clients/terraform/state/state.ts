import { z } from 'zod';

/** The format of Terraform since 0.12 and of OpenTofu: nothing that the kit makes has another. */
export const STATE_FORMAT = 4;

const instance = z.object({
  /** `tainted`: it was never finished, and is made anew by the next apply. */
  status: z.string().optional(),
  /** A key, where the object was replaced and is yet to be removed. */
  deposed: z.string().optional(),
  index_key: z.union([z.string(), z.number()]).optional(),
  attributes: z.record(z.string(), z.unknown()).nullish(),
});

const resource = z.object({
  /** `managed`, or `data` for what Terraform only looked up. */
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  provider: z.string().optional(),
  instances: z.array(instance),
});

/**
 * What the kit reads of a state. Of everything else, a list of resources must be there: one that is
 * missing would say that nothing is known, and what nobody knows is swept away.
 */
export const stateDocument = z.object({
  version: z.literal(STATE_FORMAT),
  serial: z.number().optional(),
  lineage: z.string().optional(),
  outputs: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
  resources: z.array(resource),
});

/** Terraform's state of one cluster, as its file has it. */
export type State = z.infer<typeof stateDocument>;
export type StateResource = State['resources'][number];
export type StateInstance = StateResource['instances'][number];

/** The state of what was never made. */
export const NO_STATE: State = { version: STATE_FORMAT, outputs: {}, resources: [] };

/** Resources that Terraform made; not those that it only looked up. */
export const managedIn = ({ resources }: State): readonly StateResource[] =>
  resources.filter(({ mode }) => mode === 'managed');

/** The object that stands for a resource now; no stack of the kit has more than one of it. */
export const currentOf = ({ instances }: StateResource): StateInstance | undefined =>
  instances.find(({ deposed }) => deposed === undefined);
