import { type FieldNode, Kind, type ValueNode } from 'graphql';
import { type JsonShape, shapeOf } from '../../bounds.js';
import { type GraphqlRequest, rootFields } from '../graphql/read-graphql.js';

/**
 * What a request may write. `bytes` is an upper bound; `perRow` more for each row of the largest
 * table; `isOpen`: without any bound, since it runs SQL.
 */
export interface WriteSize {
  readonly bytes: number;
  readonly perRow: number;
  readonly isOpen: boolean;
}

/** A row besides its values: id, times, and its entries in indexes. */
const ROW_BYTES = 256;
/** A value of a list, which has a row of its own on upstream's servers. */
const ITEM_BYTES = 128;
/** A number: some columns store all its digits. */
const NUMBER_BYTES = 40;

const NOTHING: WriteSize = { bytes: 0, perRow: 0, isOpen: false };

/** `deleteUser`, `deleteManyUsers`, and the mutation that empties a service. */
const DELETES = /^(__typename|delete[A-Z]\w*|resetData)$/;
/** Changes as many rows as its condition fits; at the top, or inside of another mutation. */
const MANY = /^updateMany/;
const RAW = /^executeRaw/;

/** What a GraphQL request may write; nothing for queries, and mutations that only delete. */
export function writeSize(requests: readonly GraphqlRequest[]): WriteSize {
  return sum(
    requests.flatMap((request) => {
      const variables = new Variables(request);
      return request.operations
        .filter(({ operation }) => operation === 'mutation')
        .flatMap((operation) => rootFields(request, operation))
        .map((field) => sizeOfField(field, variables));
    }),
  );
}

/** What an import may write: its rows are in the body itself. */
export function importSize(body: Buffer): WriteSize {
  const { objects, values }: JsonShape = shapeOf(body, {});
  return { ...NOTHING, bytes: body.length + objects * ROW_BYTES + values * ITEM_BYTES };
}

function sizeOfField(field: FieldNode, variables: Variables): WriteSize {
  const { name, arguments: given = [] } = field;
  if (DELETES.test(name.value)) return NOTHING;
  const sizes = given.map(({ value }) => variables.sizeOf(value));
  const bytes = ROW_BYTES + sizes.reduce((all, one) => all + one.bytes, 0);
  const isMany = MANY.test(name.value) || sizes.some(({ isMany }) => isMany);
  return { bytes, perRow: isMany ? bytes : 0, isOpen: RAW.test(name.value) };
}

const sum = (sizes: readonly WriteSize[]): WriteSize =>
  sizes.reduce(
    (all, one) => ({
      bytes: all.bytes + one.bytes,
      perRow: all.perRow + one.perRow,
      isOpen: all.isOpen || one.isOpen,
    }),
    NOTHING,
  );

/** The size of a value, and whether it has an update of many rows inside. */
interface ValueSize {
  readonly bytes: number;
  readonly isMany: boolean;
}

/** The variables of a request; each is sized once, however often it is used. */
class Variables {
  readonly #known = new Map<string, ValueSize>();

  constructor(private readonly request: GraphqlRequest) {}

  sizeOf(node: ValueNode): ValueSize {
    switch (node.kind) {
      case Kind.VARIABLE:
        return this.#variable(node.name.value);
      case Kind.LIST:
        return list(node.values.map((value) => this.sizeOf(value)));
      case Kind.OBJECT:
        return object(
          node.fields.map(({ name, value }) => [name.value, this.sizeOf(value)] as const),
        );
      case Kind.INT:
      case Kind.FLOAT:
        return plain(Math.max(NUMBER_BYTES, node.value.length));
      case Kind.STRING:
      case Kind.ENUM:
        return plain(Buffer.byteLength(node.value));
      default:
        return plain(1);
    }
  }

  #variable(name: string): ValueSize {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const { variables } = this.request;
    const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
    // A null, too: servers disagree on whether it stands for the default.
    const fallback = this.#default(name);
    const size = combine([sizeOfJson(given), ...(given == null && fallback ? [fallback] : [])]);
    this.#known.set(name, size);
    return size;
  }

  #default(name: string): ValueSize | undefined {
    // A default is a constant: it has no variables.
    const sizes = this.request.operations.flatMap(({ variableDefinitions = [] }) =>
      variableDefinitions.flatMap(({ variable, defaultValue }) =>
        variable.name.value === name && defaultValue ? [this.sizeOf(defaultValue)] : [],
      ),
    );
    return sizes.length > 0 ? combine(sizes) : undefined;
  }
}

function sizeOfJson(value: unknown): ValueSize {
  if (Array.isArray(value)) return list(value.map(sizeOfJson));
  if (typeof value === 'string') return plain(Buffer.byteLength(value));
  if (typeof value === 'number') return plain(NUMBER_BYTES);
  if (typeof value !== 'object' || value === null) return plain(1);
  return object(Object.entries(value).map(([name, one]) => [name, sizeOfJson(one)] as const));
}

const plain = (bytes: number): ValueSize => ({ bytes, isMany: false });

function combine(sizes: readonly ValueSize[], more = 0): ValueSize {
  let [bytes, isMany] = [more, false];
  for (const size of sizes) {
    bytes += size.bytes;
    isMany ||= size.isMany;
  }
  return { bytes, isMany };
}

const list = (items: readonly ValueSize[]): ValueSize => combine(items, items.length * ITEM_BYTES);

function object(fields: readonly (readonly [string, ValueSize])[]): ValueSize {
  const whole = combine(
    fields.map(([, size]) => size),
    ROW_BYTES,
  );
  return { ...whole, isMany: whole.isMany || fields.some(([name]) => MANY.test(name)) };
}
