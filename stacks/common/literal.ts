/**
 * A text as Terraform takes it in a stack: there `${` and `%{` begin a template, also in a path of the user's. Those of
 * cdktf stay: references to resources, which it resolves later.
 */
export const literal = (text: string): string => text.replaceAll(/([$%])\{(?!TfToken\[)/g, '$1$1{');

/** Every text in a value, as {@link literal}. */
export function literals<T>(value: T): T {
  if (typeof value === 'string') return literal(value) as T;
  if (Array.isArray(value)) return value.map(literals) as T;
  if (
    value === null ||
    typeof value !== 'object' ||
    Object.getPrototypeOf(value) !== Object.prototype
  )
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, literals(each)])) as T;
}
