import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  print,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import type { Generation } from '../../prisma/generation.js';
import { reservedName } from '../../prisma/service-names.js';
import { BOUNDS, OPEN_BOUNDS } from '../bounds.js';
import type { Demand } from '../grants.js';
import { type OwnAnswer, refusal } from '../own-answer.js';
import { type GraphqlRequest, readGraphql, rootFields } from './graphql/read-graphql.js';
import { type AnswerField, fieldRefusal, tokenRefusal } from './own-answer.js';
import { type Caller, TokenProblem } from './token-gate.js';

/** A management request for the server: its body and its authorization. */
export type ManagementVerdict =
  | { readonly body: Buffer; readonly authorization: string | undefined }
  | { readonly answer: OwnAnswer };

/** Limit of the fields of a request: each may name another service, which needs a right of its own. */
const MOST_FIELDS = 100;

/**
 * Whether a request to the management API may pass.
 * @param oldNames its path has old field names, which the server does not know: they are translated
 */
export async function checkManagement(
  caller: Caller,
  body: Buffer,
  oldNames: boolean,
  generation: Generation,
): Promise<ManagementVerdict> {
  let requests: GraphqlRequest[];
  try {
    requests = readGraphql(body, caller.problem === undefined ? BOUNDS : OPEN_BOUNDS);
  } catch (error) {
    return { answer: refusal(400, 'BAD_REQUEST', (error as Error).message) };
  }
  const demands = managementDemands(requests);
  if (demands.length > MOST_FIELDS) {
    const message = `A request may have ${MOST_FIELDS} fields; this one has ${demands.length}.`;
    return { answer: refusal(400, 'BAD_REQUEST', message) };
  }
  try {
    const authorization = await caller.authorize(demands);
    const answer = nameRefusal(demands, generation);
    if (answer) return { answer };
    return { body: oldNames ? renewed(body, requests) : body, authorization };
  } catch (error) {
    const refused = error instanceof TokenProblem && demands.find((one) => one === error.demand);
    if (!refused) throw error;
    return { answer: tokenRefusal((error as TokenProblem).message, refused) };
  }
}

/** Services that nobody could reach are not deployed; the codes are the servers' own. */
function nameRefusal(
  demands: readonly ManagementDemand[],
  generation: Generation,
): OwnAnswer | undefined {
  for (const demand of demands) {
    if (demand.action !== 'addProject' && demand.action !== 'deploy') continue;
    const reserved = reservedName(demand, generation);
    if (reserved === undefined) continue;
    const { which, reason } = reserved;
    const [what, code] =
      which === 'service' ? (['Service', 4006] as const) : (['Stage', 4007] as const);
    const message = `${what} name ${demand[which]} is reserved: ${reason}. Please choose a different name.`;
    return fieldRefusal(message, code, demand);
  }
  return undefined;
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
export interface ManagementDemand extends Demand, AnswerField {}

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
    args[name.value] = valueFromASTUntyped(value, variables);
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
