import { environmentError } from '../../lib/errors.js';
import { type Engine, statusOf } from './connect.js';
import { follow } from './follow-progress.js';
import { authConfigOf, type RegistryLogin } from './login/login.js';
import { registryOf } from './login/registry-of.js';

/** Id of an image in the engine, or `undefined`. */
export async function findImage(engine: Engine, reference: string): Promise<string | undefined> {
  try {
    return (await engine.getImage(reference).inspect()).Id;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** The default command of an image. */
export async function commandOf(engine: Engine, reference: string): Promise<string[]> {
  const { Entrypoint, Cmd } = (await engine.getImage(reference).inspect()).Config;
  return [Entrypoint ?? [], Cmd ?? []].flat();
}

/** Input of {@link pullImage}. */
export interface Pull {
  readonly reference: string;
  /** Finds the user's login to its registry. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** Images that no registry has; `scripts/setup` builds them. */
const BUNDLED = /^clusterkit\//;

/** Fails for images that cannot be pulled. @throws KitError `image-missing` (exit 3) */
export function requirePullable(missing: readonly string[]): void {
  const bundled = missing.filter((reference) => BUNDLED.test(reference));
  if (bundled.length === 0) return;
  throw environmentError(
    'image-missing',
    bundled.map((path) => ({
      path,
      message: 'the engine does not have this bundled image',
      hint: 'Run scripts/setup, which builds it; or check its name and version.',
    })),
  );
}

/**
 * Pulls an image from its registry, with the user's login to it.
 * @throws KitError `image-missing`, `registry-login-unusable` (exit 3)
 */
export async function pullImage(engine: Engine, { reference, env, signal }: Pull): Promise<void> {
  const { registryLogin } = await import('./login/registry-login.js');
  const login = await registryLogin(reference, env);
  try {
    const stream = await engine.pull(reference, {
      ...(signal && { abortSignal: signal }),
      ...(login && { authconfig: authConfigOf(login) }),
    });
    await follow(engine, stream);
  } catch (cause) {
    signal?.throwIfAborted();
    throw environmentError('image-missing', {
      path: reference,
      message: `the engine does not have this image and cannot pull it: ${cause instanceof Error ? cause.message : cause}`,
      hint: pullHint(reference, login),
      cause,
    });
  }
}

/** What to check when an image cannot be pulled. */
export function pullHint(reference: string, login: RegistryLogin | undefined): string {
  const registry = registryOf(reference);
  const known = login
    ? `the login ${login.username ? `of ${login.username} ` : ''}to ${registry}`
    : `the login (there is none for ${registry}: \`docker login ${registry}\`)`;
  return `Check its name, the network and ${known}, or load it into the engine.`;
}
