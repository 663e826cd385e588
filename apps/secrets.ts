import { dirname, resolve } from 'node:path';
import type { AppSecret, AppSettings } from '../cluster/settings/apps/settings.js';
import type { Problem } from '../lib/errors.js';
import { readSecretFile } from '../lib/read-secret-file.js';
import { Secret } from '../lib/secret.js';

/** The secrets of an application, as far as they are here. */
export interface AppSecrets {
  /** By the name of the variable that it receives. */
  readonly secrets: Readonly<Record<string, Secret>>;
  /** Names of those that are not here, in their order. */
  readonly missing: readonly string[];
  /** One for each that is missing. */
  readonly problems: readonly Problem[];
}

/** Half of what the kernel takes for one variable. */
const MAX_BYTES = 64 * 1024;

/**
 * Reads the secrets of an application, from the environment of whoever deploys and from files beside `clusters.yml`.
 * Never fails: whether a missing one is a problem depends on what is deployed (see `preflight.ts`).
 *
 * @param configFile absolute path of `clusters.yml`
 */
export async function readAppSecrets(
  { name: app, secrets }: Pick<AppSettings, 'name' | 'secrets'>,
  env: NodeJS.ProcessEnv,
  configFile: string,
): Promise<AppSecrets> {
  const read = await Promise.all(
    secrets.map(async (secret) => ({ secret, found: await readOne(secret, env, configFile) })),
  );
  const values = read.flatMap(({ secret, found }) =>
    typeof found === 'string' ? [[secret.name, new Secret(found)] as const] : [],
  );
  const absent = read.flatMap(({ secret: { name }, found }) =>
    typeof found === 'string' ? [] : [{ name, ...found }],
  );
  return {
    secrets: Object.fromEntries(values),
    missing: absent.map(({ name }) => name),
    problems: absent.map(({ name, ...problem }) => ({
      ...problem,
      path: `apps.${app}.secrets.${name}`,
    })),
  };
}

/** The value, or why there is none. */
async function readOne(
  { name, from }: AppSecret,
  env: NodeJS.ProcessEnv,
  configFile: string,
): Promise<string | Problem> {
  if ('env' in from) {
    const value = env[from.env];
    return value ? usable(value, from.env) : notSet(from.env);
  }
  const path = resolve(dirname(configFile), from.file);
  const found = await readSecretFile({ path, what: `the secret ${name}`, maxBytes: MAX_BYTES });
  if (typeof found === 'string') return usable(found, path);
  return { ...found, message: `${path}: ${found.message}` };
}

const notSet = (variable: string): Problem => ({
  message: `the environment variable ${variable} is not set`,
  hint: 'Set it, and run the command again; or name a file with `file`.',
});

function usable(value: string, place: string): string | Problem {
  const hint = 'Give the secret a value that fits into an environment variable.';
  if (value === '') return { message: `${place} is empty`, hint };
  if (value.includes('\0')) return { message: `${place} has a zero byte`, hint };
  if (Buffer.byteLength(value) > MAX_BYTES) {
    return { message: `${place} is larger than ${MAX_BYTES / 1024} KiB`, hint };
  }
  return value;
}
