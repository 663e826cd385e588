import { ApiError } from '../api-error.js';
import {
  columnOf,
  columnsOf,
  isSystem,
  type Model,
  storedDefault,
} from '../datamodel/datamodel.js';
import type { Node } from './service.js';

/** A `…CreateInput` or `…UpdateInput` as received. */
export type Data = { readonly [field: string]: unknown };

/** Default values of a new node. */
export const defaultsOf = (model: Model): Data =>
  Object.fromEntries(
    columnsOf(model).flatMap((field) => {
      const value = storedDefault(field);
      return value === undefined ? [] : [[columnOf(field), value]];
    }),
  );

/** The values of columns in the data. Lists and Json are stored as text. */
export function valuesOf(model: Model, data: Data): Data {
  const columns = columnsOf(model).filter((field) => !isSystem(field));
  const entries = columns.flatMap((field) => {
    const { name, type, isList, isRequired } = field;
    const value = isList ? (data[name] as { set?: unknown } | null | undefined)?.set : data[name];
    if (value === undefined || (isList && value === null)) return [];
    if (value === null && isRequired) {
      throw new ApiError(3020, `The required field ${name} of ${model.name} cannot be null.`);
    }
    requireFinite(value);
    const isText = isList || (type === 'Json' && value !== null);
    return [[columnOf(field), isText ? JSON.stringify(value) : value]];
  });
  return Object.fromEntries(entries);
}

/** GraphQL reads `1e400` as a number without an end. @throws ApiError */
export function requireFinite(value: unknown): void {
  for (const one of [value].flat()) {
    if (typeof one === 'number' && !Number.isFinite(one)) {
      throw new ApiError(undefined, 'A Float has to be between -1.8e308 and 1.8e308.');
    }
  }
}

/** A row as the API returns it. */
export function nodeOf(model: Model, row: Record<string, unknown>): Node {
  const values = columnsOf(model).map((field) => {
    const value = row[columnOf(field)];
    const isText = (field.isList || field.type === 'Json') && typeof value === 'string';
    return [field.name, isText ? JSON.parse(value) : value];
  });
  return { ...row, ...Object.fromEntries(values), __typename: model.name } as unknown as Node;
}
