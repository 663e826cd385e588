import { misconfigured } from '../../clients/docker/address/engine-address.js';
import { providerSettings } from '../../clients/docker/address/hand-over.js';
import { resolveEngine } from '../../clients/docker/address/resolve-engine.js';
import { loginKeeper } from '../../clients/docker/login/registry-login.js';
import { environmentError } from '../../lib/errors.js';
import { findProgram } from '../../lib/find-program.js';
import { refusalOf } from '../common/refusal.js';

/** Settings of Terraform's Docker provider, as a stack contains them: names and paths, nothing secret. */
export interface ProviderSettings {
  readonly host: string;
  readonly context: string;
  readonly certPath: string;
  /** @default - nothing is pulled with a login */
  readonly registryAuth?: { readonly address: string; readonly configFile: string }[];
}

/** What {@link findProvider} returns. */
export interface Found {
  readonly provider: ProviderSettings | undefined;
  /** Why nothing can be created. A destroy must still work, so this is no error. */
  readonly refusal: string | undefined;
}

/**
 * The engine of this environment and the logins for these images, for the provider.
 * @throws KitError `engine-misconfigured` (exit 2) where the provider would use another engine
 */
export async function findProvider(
  images: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Found> {
  refuseOwnContext(env);
  let provider: ProviderSettings | undefined;
  try {
    provider = providerSettings(await resolveEngine(env));
    const registryAuth = await registryAuthOf(images, env);
    if (registryAuth.length > 0) provider = { ...provider, registryAuth };
    return { provider, refusal: undefined };
  } catch (error) {
    return { provider, refusal: refusalOf(error) };
  }
}

/** From 4.6 on the provider prefers `DOCKER_CONTEXT` to all settings, and does not know `default`. */
function refuseOwnContext({ DOCKER_CONTEXT, DOCKER_HOST }: NodeJS.ProcessEnv): void {
  if (!DOCKER_CONTEXT || (DOCKER_CONTEXT !== 'default' && !DOCKER_HOST)) return;
  throw misconfigured(
    'DOCKER_CONTEXT',
    "Terraform's Docker provider reads it in another way than docker does, and would not use this engine",
    'Unset it for cdktf, and use DOCKER_HOST or `docker context use`; or run `clusterkit up` and `down`.',
  );
}

/** The provider asks helpers itself, and fails in everything when one is missing. */
async function registryAuthOf(images: readonly string[], env: NodeJS.ProcessEnv) {
  const keepers = await Promise.all(images.map((image) => loginKeeper(image, env)));
  const known = keepers.filter(({ isKnown }) => isKnown);
  for (const { helper, path } of known) {
    if (helper === undefined || (await findProgram(helper.program, env)) !== undefined) continue;
    throw environmentError('registry-login-unusable', {
      path,
      message: `${helper.key} names ${helper.program}, which is not on the PATH`,
      hint: `Install it, or remove ${helper.key} and run \`docker login\`.`,
    });
  }
  const files = new Map(known.map(({ registry, path }) => [registry, path]));
  return [...files].map(([registry, configFile]) => ({
    address: registry.startsWith('https://') ? 'registry-1.docker.io' : registry,
    configFile,
  }));
}
