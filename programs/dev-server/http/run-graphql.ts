import {
  execute,
  type GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { type Log, reasonOf } from '../../log.js';
import { ApiError } from '../api-error.js';

/** One request to a schema, as received. */
export interface GraphqlRequest {
  readonly schema: GraphQLSchema;
  readonly rootValue?: object;
  readonly context: object;
  readonly body: unknown;
  readonly requestId: string;
  readonly log: Log;
}

export interface HttpReply {
  readonly status: number;
  readonly body: unknown;
}

/** Every result has HTTP status 200, as in upstream; only an unreadable query has 400. */
export async function runGraphql(request: GraphqlRequest): Promise<HttpReply> {
  const { schema, rootValue, context: contextValue, requestId, log } = request;
  const { query, variables, operationName } = (request.body ?? {}) as Record<string, unknown>;
  if (typeof query !== 'string') {
    return { status: 400, body: refusal(new Error('The body has no `query`.'), requestId) };
  }
  let document: ReturnType<typeof parse>;
  try {
    document = parse(query, { maxTokens: 20_000 });
  } catch (error) {
    return { status: 400, body: refusal(error, requestId) };
  }
  const invalid = validate(schema, document, specifiedRules, { maxErrors: 20 });
  if (invalid.length > 0) {
    const errors = invalid.map(({ message, locations }) => ({ message, locations }));
    return { status: 200, body: { data: null, errors } };
  }
  const { data, errors } = await execute({
    schema,
    document,
    rootValue,
    contextValue,
    variableValues: variables as Record<string, unknown> | null,
    operationName: typeof operationName === 'string' && operationName ? operationName : null,
  });
  const shown = errors?.map((error) => present(error, requestId, log));
  return { status: 200, body: { data: data ?? null, ...(shown && { errors: shown }) } };
}

/** An answer without data: the request failed before any field was resolved. */
export const refusal = (error: unknown, requestId: string) => ({
  errors: [
    {
      message: reasonOf(error),
      ...(error instanceof ApiError && { code: error.code }),
      requestId,
    },
  ],
});

/** Internal errors are logged; the client gets the id of the request. */
export function hide(error: unknown, place: string, requestId: string, log: Log): Error {
  log(`error ${place} (request ${requestId}): ${reasonOf(error)}`);
  return new Error(`Internal error. The server's log has more under request ${requestId}.`);
}

function present(error: GraphQLError, requestId: string, log: Log) {
  const { locations, path, originalError } = error;
  const isMeant =
    originalError === undefined || /^(GraphQLError|ApiError)$/.test(originalError.name);
  const shown = isMeant ? error : hide(originalError, `in ${path?.join('.')}`, requestId, log);
  const code = originalError instanceof ApiError ? originalError.code : undefined;
  return { locations, path, code, message: shown.message, requestId };
}
