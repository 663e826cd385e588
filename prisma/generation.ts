import { usageError } from '../lib/errors.js';

/**
 * How a server is configured and verifies tokens: A up to 1.6, B from 1.7 to 1.26, C from 1.27.
 * The three differ in configuration format, management path and token algorithm.
 */
export type Generation = 'A' | 'B' | 'C';

/** The generation of a version such as `1.8`, `1.34.12` or `1.8.3-clusterkit.0.1.0`. */
export function generationOf(version: string): Generation | undefined {
  const match = /^(\d+)\.(\d+)(?=$|[.\-+])/.exec(version);
  if (match === null || match[1] !== '1') return undefined;
  const minor = Number(match[2]);
  if (minor <= 6) return 'A';
  return minor <= 26 ? 'B' : 'C';
}

/**
 * The server version in an image tag; `undefined` when the tag has none (`latest`, a digest, or a
 * tag of the user's own).
 */
export function versionOfImage(image: string): string | undefined {
  const tag = /:([^/:@]+)$/.exec(image)?.[1];
  return tag !== undefined && generationOf(tag) !== undefined ? tag : undefined;
}

/** Like {@link generationOf}, for settings that are already validated. */
export function requireGeneration(version: string): Generation {
  const generation = generationOf(version);
  if (generation === undefined) {
    throw usageError('version-unknown', {
      message: `'${version}' is not a Prisma 1 server version`,
      hint: 'Write it as 1.<minor> or 1.<minor>.<patch>.',
    });
  }
  return generation;
}
