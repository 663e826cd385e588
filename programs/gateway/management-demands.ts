import { type FieldNode, valueFromASTUntyped } from 'graphql';
import type { Demand } from './grants.js';
import { type GraphqlRequest, rootFields } from './read-graphql.js';

/** Fields that need no token: clients ask for the version before they have one. */
const OPEN_FIELDS = ['serverInfo', 'clusterInfo', '__typename', '__schema', '__type'];

/** A needed right, and the field of the answer that a refusal belongs to. */
export interface ManagementDemand extends Demand {
  readonly responseKey: string;
  readonly isMutation: boolean;
}

/** The rights that requests to the management API need, without fields that need no token. */
export const managementDemands = (requests: readonly GraphqlRequest[]): ManagementDemand[] =>
  requests.flatMap((request) =>
    request.operations.flatMap((operation) =>
      rootFields(request, operation)
        .filter(({ name }) => !OPEN_FIELDS.includes(name.value))
        .map((field) => ({
          action: field.name.value,
          ...serviceOf(field, request.variables),
          responseKey: field.alias?.value ?? field.name.value,
          isMutation: operation.operation === 'mutation',
        })),
    ),
  );

/** A field names its service in its arguments, or in its single argument `input`. */
function serviceOf(field: FieldNode, variables: GraphqlRequest['variables']) {
  const args: Record<string, unknown> = Object.create(null);
  for (const { name, value } of field.arguments ?? []) {
    args[name.value] = valueFromASTUntyped(value, { ...variables });
  }
  const input = typeof args.input === 'object' && args.input !== null ? args.input : {};
  const { name, stage } = 'input' in args ? (input as Record<string, unknown>) : args;
  return { service: text(name), stage: text(stage) };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
