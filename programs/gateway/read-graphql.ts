import {
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { z } from 'zod';

/** The servers' own limit; nobody writes longer queries by hand. */
const MAX_TOKENS = 20_000;

const requestSchema = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** One GraphQL request, parsed. */
export interface GraphqlRequest {
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The operations that the server may run: the named one, or all. */
  readonly operations: readonly OperationDefinitionNode[];
}

/** Parses a body; a list is several requests. @throws Error that says what is wrong */
export function readGraphql(body: Buffer): GraphqlRequest[] {
  const given: unknown = parseJson(body);
  return (Array.isArray(given) ? given : [given]).map((one: unknown) => {
    const request = requestSchema.safeParse(one);
    if (!request.success) throw new Error('The body has no `query`.');
    const { query, variables, operationName } = request.data;
    const document = parse(query, { maxTokens: MAX_TOKENS });
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
