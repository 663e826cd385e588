import { type FieldNode, valueFromASTUntyped } from 'graphql';
import type { Demand } from './grants.js';
import { type GraphqlRequest, rootFields } from './read-graphql.js';

/** What everybody may ask: who has no token yet asks for the version first. */
const OPEN_FIELDS = ['serverInfo', 'clusterInfo', '__typename', '__schema', '__type'];

/** A demand, and where a refusal of it belongs in the answer. */
export interface ManagementDemand extends Demand {
  readonly responseKey: string;
  readonly isMutation: boolean;
}

/** What requests to the management API want to do, apart from what needs no token. */
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

/** A field names its service in its arguments, or in the one argument `input`. */
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
