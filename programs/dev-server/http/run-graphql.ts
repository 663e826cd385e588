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
import type { QuerySize } from './query-size.js';

/** What turns an error into an answer. */
export interface Presenting {
  readonly log: Log;
  /** The reason of a database's error that the client can do something about. */
  readonly reasonFor: (error: unknown) => string | undefined;
}

/** One request to a schema, as received. */
export interface GraphqlRequest extends Presenting {
  readonly schema: GraphQLSchema;
  readonly rootValue?: object;
  readonly context: object;
  readonly body: unknown;
  readonly requestId: string;
  readonly size: QuerySize;
}

export interface HttpReply {
  readonly status: number;
  readonly body: unknown;
}

/** Every result has HTTP status 200, as in upstream; only an unreadable query has 400. */
export async function runGraphql(request: GraphqlRequest): Promise<HttpReply> {
  const { schema, rootValue, context: contextValue, requestId, size } = request;
  const { query, variables, operationName } = (request.body ?? {}) as Record<string, unknown>;
  if (typeof query !== 'string') {
    return { status: 400, body: refusal(new Error('The body has no `query`.'), requestId) };
  }
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables))) {
    const wrong = new Error('The `variables` of the body are not an object.');
    return { status: 400, body: refusal(wrong, requestId) };
  }
  let document: ReturnType<typeof parse>;
  try {
    size.check(query);
    document = parse(query);
  } catch (error) {
    return { status: 400, body: refusal(error, requestId) };
  }
  const invalid =
    size.tooManyFields(document) ?? validate(schema, document, specifiedRules, { maxErrors: 20 });
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
  const shown = errors?.map((error) => presentField(error, request));
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

/** The error as the client sees it. Internal ones are logged; the client gets the id of the request. */
export function present(
  error: unknown,
  place: string,
  requestId: string,
  { log, reasonFor }: Presenting,
): ApiError {
  if (error instanceof ApiError) return error;
  const reason = reasonFor(error);
  log(`error ${place} (request ${requestId}): ${reasonOf(error)}`);
  return new ApiError(
    undefined,
    reason ?? `Internal error. The server's log has more under request ${requestId}.`,
  );
}

function presentField(error: GraphQLError, { requestId, ...presenting }: GraphqlRequest) {
  const { locations, path, originalError } = error;
  const isMeant = originalError === undefined || originalError.name === 'GraphQLError';
  const shown = isMeant
    ? error
    : present(originalError, `in ${path?.join('.')}`, requestId, presenting);
  const code = shown instanceof ApiError ? shown.code : undefined;
  return { locations, path, code, message: shown.message, requestId };
}
