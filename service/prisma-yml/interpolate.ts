/** Values for `${env:X}`, `${opt:x}` and `${self:a.b}`. */
export interface VariableSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Flags of the CLI's command line. */
  readonly opt: Readonly<Record<string, string | undefined>>;
  /** prisma.yml itself, as parsed. */
  readonly self: unknown;
}

/** What the CLIs accept as a variable; any other text between braces is plain text. */
const VARIABLE = /\$\{([ ~:a-zA-Z0-9._'",\-/()]+?)\}/g;
/** Limit for variables that refer to each other in a circle. */
const DEEPEST = 20;

/** State of a replacement. */
interface Progress {
  readonly missing: Set<string>;
  readonly depth: number;
  /** `self` paths that are being resolved. */
  readonly within: readonly string[];
}

/**
 * Replaces variables as all CLIs do: in a list (`${env:STAGE, 'dev'}`), the first one with a value is used.
 * A value may contain further variables.
 */
export function interpolate(value: unknown, sources: VariableSources) {
  const missing = new Set<string>();
  return {
    value: resolve(value, sources, { missing, depth: 0, within: [] }),
    missing: [...missing],
  };
}

/** Names of environment variables in `value`. */
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

function resolve(value: unknown, sources: VariableSources, progress: Progress): unknown {
  if (typeof value !== 'string' || progress.depth > DEEPEST) return value;
  const found = [...value.matchAll(VARIABLE)];
  let text = value;
  let complete = true;
  for (const [whole, inner = ''] of found) {
    const replacement = firstOf(parts(inner), sources, progress);
    if (replacement === undefined) {
      progress.missing.add(parts(inner).join(', '));
      complete = false;
    } else if (whole === value && typeof replacement === 'object') return replacement;
    else text = text.replaceAll(whole, String(replacement));
  }
  return found.length > 0 && complete
    ? resolve(text, sources, { ...progress, depth: progress.depth + 1 })
    : text;
}

const parts = (inner: string): string[] => inner.replace(/\s/g, '').split(',');

function firstOf(names: readonly string[], sources: VariableSources, progress: Progress): unknown {
  for (const name of names) {
    const value = sourceValue(name, sources, progress);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function sourceValue(name: string, sources: VariableSources, progress: Progress): unknown {
  const [, kind, rest = ''] = /^(env|opt|self):(.*)$/.exec(name) ?? [];
  if (kind === 'env') return sources.env[rest];
  if (kind === 'opt') return sources.opt[rest];
  if (kind === 'self') return deepValue(rest.split('.'), sources, progress);
  const [, , quoted] = /^(['"])(.*)\1$/.exec(name) ?? [];
  return quoted;
}

function deepValue(path: readonly string[], sources: VariableSources, progress: Progress): unknown {
  const name = path.join('.');
  if (progress.within.includes(name)) return undefined;
  const within = [...progress.within, name];
  let value: unknown = sources.self;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
      return undefined;
    value = resolve((value as Record<string, unknown>)[step], sources, { ...progress, within });
  }
  return value;
}
