import { ApiError } from '../api-error.js';
import { columnsOf, isSystem, type Model } from '../datamodel/datamodel.js';

/** A `…CreateInput` or `…UpdateInput` as it arrives. */
export type Data = { readonly [field: string]: unknown };

/** What a new node has where nothing is said. */
export const defaultsOf = (model: Model): Data =>
  Object.fromEntries(
    columnsOf(model).flatMap(({ name, defaultValue }) =>
      defaultValue === undefined ? [] : [[name, defaultValue]],
    ),
  );

/** What the data says about columns. Lists and Json travel as text. */
export function valuesOf(model: Model, data: Data): Data {
  const columns = columnsOf(model).filter((field) => !isSystem(field));
  const entries = columns.flatMap(({ name, type, isList, isRequired }) => {
    const value = isList ? (data[name] as { set?: unknown } | null | undefined)?.set : data[name];
    if (value === undefined || (isList && value === null)) return [];
    if (value === null && isRequired) {
      throw new ApiError(3020, `The required field ${name} of ${model.name} cannot be null.`);
    }
    const isText = isList || (type === 'Json' && value !== null);
    return [[name, isText ? JSON.stringify(value) : value]];
  });
  return Object.fromEntries(entries);
}
