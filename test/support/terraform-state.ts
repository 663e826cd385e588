import type { State, StateResource } from '../../clients/terraform/state/state.js';

/** A resource of a state, as far as a test cares. @default - managed, named `one`, without instances */
export type SomeResource = Partial<StateResource> & Pick<StateResource, 'type'>;

/** A state as Terraform 1.11 writes it; as a file it is its JSON. */
export const stateWith = (
  resources: readonly SomeResource[],
  outputs: State['outputs'] = {},
): State => ({
  version: 4,
  serial: 3,
  lineage: '2b3ff2a0-6e0c-4b0b-a3ab-0d3b4a8f3c11',
  outputs,
  resources: resources.map((custom) => ({
    mode: 'managed',
    name: 'one',
    provider: 'provider["terraform.io/builtin/terraform"]',
    instances: [],
    ...custom,
  })),
});

/** The text of a state file that knows these ids and nothing else. */
export const stateKnowing = (...ids: readonly string[]): string =>
  JSON.stringify(stateWith([{ type: 'x', instances: ids.map((id) => ({ attributes: { id } })) }]));
