/** `${env:NAME}`, the only kind of variable in this file. */
const VARIABLE = /\$\{\s*env:([\w.-]+)\s*\}/g;

/**
 * `value` with `${env:NAME}` replaced, as the CLIs up to 1.8 do when they read the registry.
 * Undefined when a variable is not set.
 */
export function expandVariables(
  value: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const names = [...value.matchAll(VARIABLE)].map(([, name = '']) => name);
  if (names.some((name) => env[name] === undefined)) return undefined;
  return value.replace(VARIABLE, (_all, name: string) => env[name] ?? '');
}
