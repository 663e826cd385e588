import { managementDemands } from './management-demands.js';
import { renewNames } from './old-names.js';
import { type OwnAnswer, refusal, tokenRefusal } from './own-answer.js';
import { type GraphqlRequest, readGraphql } from './read-graphql.js';
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
