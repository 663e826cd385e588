import type { State } from './state.js';

/** The outputs of a state whose values are texts. */
export function outputsIn({ outputs }: State): Readonly<Record<string, string>> {
  const texts = Object.entries(outputs).flatMap(([name, { value }]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return Object.fromEntries(texts);
}
