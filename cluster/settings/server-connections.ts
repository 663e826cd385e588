import { requireGeneration } from '../../prisma/generation.js';
import { isBundledServer } from '../bundled-images.js';
import type { ClusterSettings } from './settings.js';

type Settings = {
  readonly server: Pick<ClusterSettings['server'], 'image' | 'version'>;
  readonly database: { readonly connectionLimit?: number | undefined };
};

/**
 * Connections that a server opens with its `connectionLimit`; `undefined` without one. Servers up to 1.6
 * have two pools; servers up to 1.11 opened about ten times as many, which upstream mended in 1.12.
 */
export function serverConnections({ server, database }: Settings): number | undefined {
  const { connectionLimit: limit } = database;
  if (limit === undefined || isBundledServer(server.image)) return limit;
  if (requireGeneration(server.version) === 'A') return 2 * limit;
  return /^1\.(7|8|9|10|11)($|[.+-])/.test(server.version) ? 10 * limit : limit;
}
