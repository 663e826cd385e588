import { resolve } from 'node:path';
import type { AppSource } from '../../cluster/settings/apps/settings.js';
import { type BuildContext, digestOf, dockerfileContext } from './context.js';
import { functionContext } from './function-context.js';

/** A source that is built. */
export type BuiltSource = Exclude<AppSource, { kind: 'image' }>;

/** What the build of a source sends. @param base directory of `clusters.yml` @throws KitError of both kinds */
export const sourceContext = (source: BuiltSource, base: string): Promise<BuildContext> =>
  source.kind === 'build'
    ? dockerfileContext(resolve(base, source.directory))
    : functionContext(resolve(base, source.path));

/**
 * Digest of what a source is built from, without an engine: the same on every machine with the same files. It is the
 * label `dev.clusterkit.context` of the image. `undefined` for an image, which its name decides.
 *
 * @param base directory of `clusters.yml`
 * @throws KitError (exit 2) as the build does: see {@link sourceContext}
 */
export async function sourceDigest(source: AppSource, base: string): Promise<string | undefined> {
  return source.kind === 'image' ? undefined : digestOf(await sourceContext(source, base));
}
