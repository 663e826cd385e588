import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  print,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import type { Demand } from '../grants.js';
import { type OwnAnswer, refusal, tokenRefusal } from './own-answer.js';
import { type GraphqlRequest, readGraphql, rootFields } from './read-graphql.js';
import { type TokenGate, TokenProblem } from './token-gate.js';

/** A management request for the server: its body and its authorization. */
export type ManagementVerdict =
  | { readonly body: Buffer; readonly authorization: string | undefined }
  | { readonly answer: OwnAnswer };

/**
 * Whether a request to the management API may pass.
 * @param oldNames its path has old field names, which the server does not know: they are translated
 */
export async function checkManagement(
  gate: TokenGate,
  body: Buffer,
  header: string | undefined,
  oldNames: boolean,
): Promise<ManagementVerdict> {
  let requests: GraphqlRequest[];
  try {
    requests = readGraphql(body);
  } catch (error) {
    return { answer: refusal(400, 'BAD_REQUEST', (error as Error).message) };
  }
  const demands = managementDemands(requests);
  try {
    const authorization = await gate.admit(demands, header);
    return { body: oldNames ? renewed(body, requests) : body, authorization };
  } catch (error) {
    const refused = error instanceof TokenProblem && demands.find((one) => one === error.demand);
    if (!refused) throw error;
    return { answer: tokenRefusal((error as TokenProblem).message, refused) };
  }
}

function renewed(body: Buffer, requests: readonly GraphqlRequest[]): Buffer {
  const given: unknown = JSON.parse(body.toString('utf8'));
  const renew = (one: unknown, index: number) => {
    const request = requests[index];
    return request ? { ...(one as object), query: renewNames(request.document) } : one;
  };
  const list = Array.isArray(given);
  return Buffer.from(JSON.stringify(list ? given.map(renew) : renew(given, 0)));
}

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

/**
 * Translates a query of CLIs up to 1.7 for servers from 1.27 on: `clusterInfo` becomes
 * `serverInfo`, and is answered under its old name. Everything else is the same.
 */
export const renewNames = (document: DocumentNode): string =>
  print(
    visit(document, {
      Field(field, _key, _parent, _path, ancestors) {
        if (field.name.value !== 'clusterInfo' || depth(ancestors) > 1) return undefined;
        return {
          ...field,
          name: { ...field.name, value: 'serverInfo' },
          alias: field.alias ?? field.name,
        };
      },
    }),
  );

/** The number of selections around a node; ancestors are nodes and lists of nodes. */
const depth = (ancestors: readonly (ASTNode | readonly ASTNode[])[]): number =>
  ancestors.filter((node) => 'kind' in node && node.kind === 'SelectionSet').length;
