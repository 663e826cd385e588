import { requireGeneration } from '../../prisma/generation.js';
import { isBundledServer } from '../bundled-images.js';
import type { ClusterSettings } from './settings.js';

/**
 * Does a cluster with a key pair also accept the secret derived from it (docs/decisions/derived-secret.md)? The
 * bundled server does; and a gateway that signs for its server with another secret.
 */
export function acceptsDerivedSecret({
  server,
  gateway,
}: Pick<ClusterSettings, 'server' | 'gateway'>): boolean {
  if (server.auth !== 'rsa') return false;
  const generation = requireGeneration(server.version);
  if (generation === 'B') return isBundledServer(server.image);
  // No CLI that signs with a secret finds the management API of servers up to 1.6.
  return generation === 'C' && gateway !== undefined;
}
