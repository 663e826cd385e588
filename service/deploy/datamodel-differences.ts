import { type DefinitionNode, Kind, parse, type TypeNode } from 'graphql';

/** A type of a service's API, from introspection. */
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

/** A difference between the API and the datamodel. */
export interface Difference {
  /** `missing`: only the datamodel has it; `extra`: only the API has it; `other`: the types differ. */
  readonly kind: 'missing' | 'extra' | 'other';
  /** Such as `Post.published`. */
  readonly what: string;
}

/** Query for {@link datamodelDifferences}. */
export const API_TYPES_QUERY = `{ __schema { types { kind name
  fields(includeDeprecated: true) { name type { ...ref } } enumValues(includeDeprecated: true) { name } } } }
  fragment ref on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

/** Types that describe the table of a relation are not part of the API. */
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
 * Compares a datamodel with the API of the server: types, fields and the types of fields. The rest, such
 * as default values and column names, is not part of the API.
 *
 * @returns `undefined` when the datamodel is invalid
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
      // An enum that no field uses is not part of the API.
      if (!found) return [];
      const values = (node.values ?? []).map((value) => [value.name.value, ''] as const);
      const shown = found.map(({ name }) => [name, ''] as const);
      return differences(node.name.value, new Map(values), new Map(shown));
    }
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return [];
    if (node.directives?.some((each) => HIDDEN.has(each.name.value))) return [];
    const name = node.name.value;
    const fields = (node.fields ?? []).map(
      (each) => [each.name.value, datamodelType(each.type)] as const,
    );
    const shown = types.get(name)?.fields;
    if (!shown) return [{ kind: 'missing' as const, what: name }];
    return differences(
      name,
      new Map(fields),
      new Map(shown.map((each) => [each.name, apiType(each.type)])),
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

/** Base type, with `[]` for a list and, where servers keep it, `!` for a required value. */
function datamodelType(type: TypeNode): string {
  if (type.kind === Kind.NON_NULL_TYPE) return required(datamodelType(type.type));
  if (type.kind === Kind.LIST_TYPE) return `[${base(datamodelType(type.type))}]`;
  return type.name.value;
}

function apiType(type: ApiTypeRef): string {
  if (type.kind === 'NON_NULL' && type.ofType) return required(apiType(type.ofType));
  if (type.kind === 'LIST' && type.ofType) return `[${base(apiType(type.ofType))}]`;
  return type.name ?? '';
}

/** Not all servers keep whether a list or a related node is required. */
const required = (type: string): string => (SCALARS.has(type) ? `${type}!` : type);
const base = (type: string): string => type.replace(/!$/, '');
