import { type DefinitionNode, Kind, parse, type TypeNode } from 'graphql';

/** A type of a service's API, as introspection tells it. */
export interface ApiType {
  readonly kind: string;
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly type: ApiTypeRef }[] | null;
  readonly enumValues: readonly { readonly name: string }[] | null;
}

interface ApiTypeRef {
  readonly kind: string;
  readonly name: string | null;
  readonly ofType?: ApiTypeRef | null;
}

/** Where the API is not what the datamodel says. */
export interface Difference {
  /** `missing`: the datamodel has it, the API has not; `extra`: the other way round. */
  readonly kind: 'missing' | 'extra' | 'other';
  /** Such as `Post.published`. */
  readonly what: string;
}

/** Asks for what {@link datamodelDifferences} compares. */
export const API_TYPES_QUERY = `{ __schema { types { kind name
  fields(includeDeprecated: true) { name type { ...ref } } enumValues(includeDeprecated: true) { name } } } }
  fragment ref on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

/** Types that only describe a relation's table show in no API. */
const HIDDEN = new Set(['relationTable', 'linkTable']);
const SCALARS = new Set([
  'ID',
  'String',
  'Int',
  'Float',
  'Boolean',
  'DateTime',
  'Json',
  'UUID',
  'Long',
]);

/**
 * Compares a datamodel with the API that a server made of it: types, their fields, and what these
 * hold. What shows in no API (default values, names of columns) is not compared.
 *
 * @returns `undefined` when the datamodel cannot be read
 */
export function datamodelDifferences(
  datamodel: string,
  api: readonly ApiType[],
): readonly Difference[] | undefined {
  let definitions: readonly DefinitionNode[];
  try {
    definitions = parse(datamodel, { noLocation: true }).definitions;
  } catch {
    return undefined;
  }
  const types = new Map(api.map((type) => [type.name, type]));
  return definitions.flatMap((node) => {
    if (node.kind === Kind.ENUM_TYPE_DEFINITION) {
      const found = types.get(node.name.value)?.enumValues;
      // An enum that no field uses shows in no API.
      if (!found) return [];
      const values = (node.values ?? []).map((value) => [value.name.value, ''] as const);
      const shown = found.map(({ name }) => [name, ''] as const);
      return differences(node.name.value, new Map(values), new Map(shown));
    }
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return [];
    if (node.directives?.some((each) => HIDDEN.has(each.name.value))) return [];
    const name = node.name.value;
    const fields = (node.fields ?? []).map(
      (each) => [each.name.value, written(each.type)] as const,
    );
    const shown = types.get(name)?.fields;
    if (!shown) return [{ kind: 'missing' as const, what: name }];
    return differences(
      name,
      new Map(fields),
      new Map(shown.map((each) => [each.name, told(each.type)])),
    );
  });
}

function differences(
  owner: string,
  wanted: ReadonlyMap<string, string>,
  shown: ReadonlyMap<string, string>,
): Difference[] {
  const missing = [...wanted].flatMap(([name, type]): Difference[] => {
    const found = shown.get(name);
    const what = `${owner}.${name}`;
    if (found === undefined) return [{ kind: 'missing', what }];
    return found === type ? [] : [{ kind: 'other', what }];
  });
  const extra = [...shown.keys()].filter((name) => !wanted.has(name));
  return [
    ...missing,
    ...extra.map((name) => ({ kind: 'extra' as const, what: `${owner}.${name}` })),
  ];
}

/** Base type, with `[]` for a list and, where servers keep it, `!` for what must be there. */
function written(type: TypeNode): string {
  if (type.kind === Kind.NON_NULL_TYPE) return required(written(type.type));
  if (type.kind === Kind.LIST_TYPE) return `[${base(written(type.type))}]`;
  return type.name.value;
}

function told(type: ApiTypeRef): string {
  if (type.kind === 'NON_NULL' && type.ofType) return required(told(type.ofType));
  if (type.kind === 'LIST' && type.ofType) return `[${base(told(type.ofType))}]`;
  return type.name ?? '';
}

/** Whether a list or a related node must be there is not kept by all servers. */
const required = (type: string): string => (SCALARS.has(type) ? `${type}!` : type);
const base = (type: string): string => type.replace(/!$/, '');
