import { dirname, join } from 'node:path';

/** A stage's input, or all facts. */
type Input = Readonly<Record<string, unknown>>;

/**
 * An input with the paths of another state directory: stacks store those of where the cluster was made, so
 * that nothing changes when its directory moves. Paths outside of the project stay as they are.
 */
export function relocate<T extends Input>(input: T, stateDir: string): T {
  const { keyDirectory } = input;
  // `<state directory>/keys/<cluster>`: every stage that works on files has it.
  if (typeof keyDirectory !== 'string') return input;
  const from = dirname(dirname(keyDirectory));
  if (from === stateDir) return input;
  const ofState = (value: unknown) => moved(value, from, stateDir);
  const ofProject = (value: unknown) => moved(value, dirname(from), dirname(stateDir));
  return {
    ...input,
    ...withPaths(input, ['project', 'keyDirectory', 'stateFile'], ofState),
    ...withPaths(input, ['external', 'tls'], (part) => relocatedPart(part as Input, ofProject)),
  };
}

/** Paths of certificates and passwords in `clusters.yml` are relative to its directory. */
function relocatedPart(part: Input, move: (value: unknown) => unknown): Input {
  const password = (path: unknown) => {
    const { file } = path as { readonly file?: unknown };
    return file === undefined ? path : { file: move(file) };
  };
  return {
    ...part,
    ...withPaths(part, ['caFile'], move),
    ...withPaths(part, ['password'], password),
  };
}

const withPaths = (input: Input, names: readonly string[], move: (value: unknown) => unknown) =>
  Object.fromEntries(
    names.flatMap((name) => (input[name] === undefined ? [] : [[name, move(input[name])]])),
  );

function moved(value: unknown, from: string, to: string): unknown {
  if (typeof value !== 'string') return value;
  if (value === from) return to;
  return value.startsWith(join(from, '/')) ? join(to, value.slice(from.length)) : value;
}
