import { z } from 'zod';
import { environmentError, type KitError } from '../../../lib/errors.js';
import { findProgram } from '../../../lib/find-program.js';
import { Secret } from '../../../lib/secret.js';
import { readDockerConfig } from '../address/docker-config.js';
import { askHelper, helperProgram } from './credential-helper.js';
import type { RegistryLogin } from './login.js';
import { hostOfKey, registryOf } from './registry-of.js';

const auth = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
  registrytoken: z.string().optional(),
});
const logins = z.object({
  auths: z.record(z.string(), auth).nullish(),
  credsStore: z.string().nullish(),
  credHelpers: z.record(z.string(), z.string()).nullish(),
});
type Auth = z.infer<typeof auth>;
type Logins = z.infer<typeof logins>;

/**
 * The login for an image's registry that `docker login` or a helper has; `undefined`: none.
 * @throws KitError `registry-login-unusable` (exit 3); `engine-misconfigured` (exit 2)
 */
export async function registryLogin(
  reference: string,
  env: NodeJS.ProcessEnv,
): Promise<RegistryLogin | undefined> {
  const registry = registryOf(reference);
  const direct = fromVariable(env)[registry];
  if (direct !== undefined) return loginOf(registry, direct, 'DOCKER_AUTH_CONFIG');
  const { path, known } = await readLogins(env);
  const helper = await helperFor(registry, known, env);
  if (helper === undefined) {
    const found = authFor(registry, known);
    return found && loginOf(registry, found, path);
  }
  try {
    return await askHelper(helper.program, registry, env);
  } catch (cause) {
    if (!helper.isConfigured) return undefined;
    throw unusable(
      path,
      `${helper.key} names ${helper.program}, which ${(cause as Error).message}`,
      `Install or repair that program, or remove ${helper.key} and run \`docker login ${registry}\`.`,
    );
  }
}

/** Who keeps a registry's login, without asking for it. */
export async function loginKeeper(reference: string, env: NodeJS.ProcessEnv) {
  const registry = registryOf(reference);
  const { path, known } = await readLogins(env);
  const helper = await helperFor(registry, known, env);
  const found = authFor(registry, known);
  if (found !== undefined && helper === undefined) loginOf(registry, found, path);
  return { registry, path, helper, isKnown: helper?.isConfigured === true || found !== undefined };
}

async function readLogins(env: NodeJS.ProcessEnv): Promise<{ path: string; known: Logins }> {
  const { path, content } = await readDockerConfig(env);
  const parsed = logins.safeParse(content);
  if (parsed.success) return { path, known: parsed.data };
  const places = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw unusable(path, `these are not as docker writes them: ${places}`, RENEW);
}

const RENEW = 'Correct them, or remove them and run `docker login`.';

/** The variable with which CI systems hand over logins. */
function fromVariable({ DOCKER_AUTH_CONFIG: text }: NodeJS.ProcessEnv): Record<string, Auth> {
  if (!text) return {};
  try {
    return logins.parse(JSON.parse(text)).auths ?? {};
  } catch {
    const message = 'it is no JSON of the form {"auths": {"HOST": {"auth": "…"}}}';
    throw unusable('DOCKER_AUTH_CONFIG', message, 'Correct it, or unset it.');
  }
}

/** The program that has a registry's login: its own, the store of all, or the usual one of the system. */
async function helperFor(
  registry: string,
  { auths, credsStore, credHelpers }: Logins,
  env: NodeJS.ProcessEnv,
) {
  const own = credHelpers?.[registry];
  const key = own === undefined ? 'credsStore' : `credHelpers.${registry}`;
  const named = own ?? credsStore;
  if (named) return { key, program: helperProgram(named), isConfigured: true };
  const isEmpty = Object.keys(auths ?? {}).length + Object.keys(credHelpers ?? {}).length === 0;
  if (own !== undefined || !isEmpty) return undefined;
  const program = helperProgram(await usualStore(env));
  const isThere = (await findProgram(program, env)) !== undefined;
  return isThere ? { key, program, isConfigured: false } : undefined;
}

async function usualStore(env: NodeJS.ProcessEnv): Promise<string> {
  if (process.platform === 'darwin') return 'osxkeychain';
  if (process.platform === 'win32') return 'wincred';
  return (await findProgram('pass', env)) === undefined ? 'secretservice' : 'pass';
}

function authFor(registry: string, { auths }: Logins): Auth | undefined {
  const all = auths ?? {};
  const key = registry in all ? registry : Object.keys(all).find((k) => hostOfKey(k) === registry);
  return key === undefined ? undefined : all[key];
}

function loginOf(registry: string, found: Auth, path: string): RegistryLogin | undefined {
  const { auth: encoded, identitytoken, registrytoken } = found;
  const decoded = encoded ? Buffer.from(encoded, 'base64').toString('utf8') : '';
  const at = decoded.indexOf(':');
  if (encoded && at < 1) {
    throw unusable(path, `auths.${registry}.auth is not base64 of NAME:PASSWORD`, RENEW);
  }
  const username = encoded ? decoded.slice(0, at) : found.username;
  const password = encoded ? decoded.slice(at + 1).replace(/\0+$/, '') : found.password;
  if (!username && !identitytoken && !registrytoken) return undefined;
  return {
    registry,
    username,
    password: secretOf(password),
    identityToken: secretOf(identitytoken),
    registryToken: secretOf(registrytoken),
  };
}

const secretOf = (text: string | undefined) => (text ? new Secret(text) : undefined);

const unusable = (path: string, message: string, hint: string): KitError =>
  environmentError('registry-login-unusable', { path, message, hint });
