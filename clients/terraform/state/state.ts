import { z } from 'zod';

/** The format of Terraform since 0.12 and of OpenTofu: nothing that the kit makes has another. */
export const STATE_FORMAT = 4;

const instance = z.object({
  /** `tainted`: it was never finished; the next apply replaces it. */
  status: z.string().optional(),
  /** A key, when the object was replaced and is yet to be removed. */
  deposed: z.string().optional(),
  index_key: z.union([z.string(), z.number()]).optional(),
  attributes: z.record(z.string(), z.unknown()).nullish(),
});

const resource = z.object({
  /** `managed`, or `data` for resources that Terraform only reads. */
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  provider: z.string().optional(),
  instances: z.array(instance),
});

/**
 * The parts of a state that the kit reads. The list of resources is required: a state without it
 * would look as if nothing existed, and unknown objects are removed.
 */
export const stateDocument = z.object({
  version: z.literal(STATE_FORMAT),
  serial: z.number().optional(),
  lineage: z.string().optional(),
  outputs: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
  resources: z.array(resource),
});

/** Terraform's state of one cluster. */
export type State = z.infer<typeof stateDocument>;
export type StateResource = State['resources'][number];
export type StateInstance = StateResource['instances'][number];

/** The state before the first apply. */
export const NO_STATE: State = { version: STATE_FORMAT, outputs: {}, resources: [] };

/** Resources that Terraform made, without those that it only reads. */
export const managedIn = ({ resources }: State): readonly StateResource[] =>
  resources.filter(({ mode }) => mode === 'managed');

/** The current object of a resource; no stack of the kit has more than one. */
export const currentOf = ({ instances }: StateResource): StateInstance | undefined =>
  instances.find(({ deposed }) => deposed === undefined);

/**
 * Ids of all objects in a state, including unfinished ones and those that are yet to be removed.
 */
export function idsIn(state: State): ReadonlySet<string> {
  const instances = managedIn(state).flatMap((resource) => resource.instances);
  const ids = instances.map(({ attributes }) => attributes?.id);
  return new Set(ids.filter((id) => typeof id === 'string'));
}

/** The outputs of a state whose values are texts. */
export function outputsIn({ outputs }: State): Readonly<Record<string, string>> {
  const texts = Object.entries(outputs).flatMap(([name, { value }]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return Object.fromEntries(texts);
}
