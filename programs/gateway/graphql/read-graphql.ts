import {
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { BOUNDS, type Bounds, shapeOf, tokensOf } from '../../bounds.js';

/** One GraphQL request, parsed. */
export interface GraphqlRequest {
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The operations that the server may run: the named one, or all. */
  readonly operations: readonly OperationDefinitionNode[];
}

/** Parses a body; a list is several requests. @throws Error that says what is wrong */
export function readGraphql(body: Buffer, bounds: Bounds = BOUNDS): GraphqlRequest[] {
  shapeOf(body, bounds);
  const given: unknown = parseJson(body);
  const list = Array.isArray(given) ? given : [given];
  if (list.length > bounds.requests) {
    throw new Error(`The body has more than ${bounds.requests} requests.`);
  }
  let tokens = bounds.tokens;
  return list.map((one: unknown) => {
    const { query, variables, operationName } = requestOf(one);
    tokens -= tokensOf(query, tokens, bounds.depth);
    if (tokens < 0) throw new Error(`The queries have more than ${bounds.tokens} tokens.`);
    const document = parse(query);
    const all = document.definitions.filter((node) => node.kind === 'OperationDefinition');
    const operations = operationName
      ? all.filter(({ name }) => name?.value === operationName)
      : all;
    return { document, variables: variables ?? {}, operations };
  });
}

/** The top-level fields of an operation, including those in fragments, whatever the directives. */
export function rootFields(
  { document }: Pick<GraphqlRequest, 'document'>,
  { selectionSet }: OperationDefinitionNode,
): FieldNode[] {
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === 'FragmentDefinition' ? [[node.name.value, node.selectionSet] as const] : [],
    ),
  );
  const seen = new Set<SelectionSetNode>();
  const collect = (set: SelectionSetNode | undefined): FieldNode[] => {
    if (set === undefined || seen.has(set)) return [];
    seen.add(set);
    return set.selections.flatMap((node) => {
      if (node.kind === 'Field') return [node];
      return collect(
        node.kind === 'InlineFragment' ? node.selectionSet : fragments.get(node.name.value),
      );
    });
  };
  return collect(selectionSet);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Error('The body is not JSON.');
  }
}

/** By hand: a schema would copy all variables. */
function requestOf(given: unknown) {
  const { query, variables, operationName } = (given ?? {}) as Record<string, unknown>;
  const name = operationName ?? undefined;
  const isName = name === undefined || typeof name === 'string';
  if (typeof query !== 'string' || !isName || !areNamed(variables)) {
    throw new Error('The body has no `query`.');
  }
  return { query, variables, operationName: name };
}

const areNamed = (given: unknown): given is Record<string, unknown> | null | undefined =>
  given === null || given === undefined || (typeof given === 'object' && !Array.isArray(given));
