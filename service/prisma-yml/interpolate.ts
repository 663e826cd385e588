/** Where `${env:X}`, `${opt:x}` and `${self:a.b}` find their values. */
export interface VariableSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Flags of the CLI's command line. */
  readonly opt: Readonly<Record<string, string | undefined>>;
  /** prisma.yml itself, as parsed. */
  readonly self: unknown;
}

/** A value with its variables replaced; what could not be replaced stands in it as it was. */
export interface Interpolated {
  readonly value: unknown;
  /** Variables without value, such as `env:STAGE`. */
  readonly missing: readonly string[];
}

/** What the CLIs take for a variable: any other text between the braces is plain text. */
const VARIABLE = /\$\{([ ~:a-zA-Z0-9._'",\-/()]+?)\}/g;
/** Variables may lead in a circle. */
const DEEPEST = 20;

/** How far a replacement has gone. */
interface Way {
  readonly missing: Set<string>;
  readonly depth: number;
  /** `self` paths that are being resolved. */
  readonly within: readonly string[];
}

/**
 * Replaces variables as all CLIs do: the first of a list that has a value counts
 * (`${env:STAGE, 'dev'}`), and what a variable brings may hold further ones.
 */
export function interpolate(value: unknown, sources: VariableSources): Interpolated {
  const missing = new Set<string>();
  return {
    value: resolve(value, sources, { missing, depth: 0, within: [] }),
    missing: [...missing],
  };
}

/** Names of environment variables that `value` mentions. */
export function variablesOf(value: unknown): string[] {
  if (typeof value === 'string') {
    return [...value.matchAll(VARIABLE)].flatMap(([, inner = '']) =>
      parts(inner).flatMap((part) => (part.startsWith('env:') ? [part.slice(4)] : [])),
    );
  }
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(variablesOf)
    : [];
}

function resolve(value: unknown, sources: VariableSources, way: Way): unknown {
  if (typeof value !== 'string' || way.depth > DEEPEST) return value;
  const found = [...value.matchAll(VARIABLE)];
  let text = value;
  let complete = true;
  for (const [whole, inner = ''] of found) {
    const replacement = firstOf(parts(inner), sources, way);
    if (replacement === undefined) {
      way.missing.add(parts(inner).join(', '));
      complete = false;
    } else if (whole === value && typeof replacement === 'object') return replacement;
    else text = text.replaceAll(whole, String(replacement));
  }
  return found.length > 0 && complete
    ? resolve(text, sources, { ...way, depth: way.depth + 1 })
    : text;
}

const parts = (inner: string): string[] => inner.replace(/\s/g, '').split(',');

function firstOf(names: readonly string[], sources: VariableSources, way: Way): unknown {
  for (const name of names) {
    const value = sourceValue(name, sources, way);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function sourceValue(name: string, sources: VariableSources, way: Way): unknown {
  const [, kind, rest = ''] = /^(env|opt|self):(.*)$/.exec(name) ?? [];
  if (kind === 'env') return sources.env[rest];
  if (kind === 'opt') return sources.opt[rest];
  if (kind === 'self') return deepValue(rest.split('.'), sources, way);
  const [, , quoted] = /^(['"])(.*)\1$/.exec(name) ?? [];
  return quoted;
}

function deepValue(path: readonly string[], sources: VariableSources, way: Way): unknown {
  const name = path.join('.');
  if (way.within.includes(name)) return undefined;
  const within = [...way.within, name];
  let value: unknown = sources.self;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
      return undefined;
    value = resolve((value as Record<string, unknown>)[step], sources, { ...way, within });
  }
  return value;
}
