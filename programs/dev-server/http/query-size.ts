import { type DocumentNode, GraphQLError, type SelectionNode } from 'graphql';
import { BOUNDS, tokensOf } from '../../bounds.js';

/** Selected fields of a request, with those of fragments wherever they are used. */
const MOST_FIELDS = 5_000;

/** Counts what all queries of one HTTP request have together. */
export class QuerySize {
  #tokens = BOUNDS.tokens;
  #fields = MOST_FIELDS;

  /** Checks a query before it is parsed. @throws Error that says what is too much */
  check(query: string): void {
    this.#tokens -= tokensOf(query, this.#tokens, BOUNDS.depth);
    if (this.#tokens < 0) throw new Error(`The query has more than ${BOUNDS.tokens} tokens.`);
  }

  /** The error of a query that selects too many fields. */
  tooManyFields(document: DocumentNode): readonly GraphQLError[] | undefined {
    this.#fields -= fieldsOf(document);
    return this.#fields < 0
      ? [new GraphQLError(`The query selects more than ${MOST_FIELDS} fields.`)]
      : undefined;
  }
}

/**
 * The fields that a query selects. Fragments within fragments multiply them, and validation and
 * execution take the time of all of them.
 */
function fieldsOf(document: DocumentNode): number {
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === 'FragmentDefinition' ? [[node.name.value, node.selectionSet] as const] : [],
    ),
  );
  const counted = new Map<string, number>();
  const countIn = (selections: readonly SelectionNode[]): number =>
    selections.reduce((sum, node) => {
      if (node.kind === 'FragmentSpread') return sum + countOf(node.name.value);
      const own = node.kind === 'Field' ? 1 : 0;
      return sum + own + countIn(node.selectionSet?.selections ?? []);
    }, 0);
  const countOf = (name: string): number => {
    const known = counted.get(name);
    if (known !== undefined) return known;
    // A fragment within itself counts nothing here; validation refuses it.
    counted.set(name, 0);
    const count = countIn(fragments.get(name)?.selections ?? []);
    counted.set(name, count);
    return count;
  };
  return document.definitions.reduce(
    (sum, node) => sum + ('selectionSet' in node ? countIn(node.selectionSet.selections) : 0),
    0,
  );
}
