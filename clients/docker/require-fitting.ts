import { environmentError } from '../../lib/errors.js';
import type { EngineAddress } from './address/engine-address.js';

/** The API of Docker Engine 20.10, the oldest that the kit is tested with. */
const OLDEST_API = [1, 41] as const;

/** An engine's answer to `/version`, as far as the kit reads it. */
export interface VersionAnswer {
  readonly ApiVersion?: string;
  /** Such as `20.10.24+dfsg1`. */
  readonly Version?: string;
}

/**
 * Checks that a new enough engine answered.
 * @throws KitError `engine-unreachable`, `engine-too-old` (exit 3)
 */
export function requireFitting({ host, from }: EngineAddress, answer: VersionAnswer): void {
  const [major = 0, minor = 0] = (answer.ApiVersion ?? '').split('.').map(Number);
  if (!major) {
    throw environmentError('engine-unreachable', {
      path: host,
      message: `what answers is no Docker engine (from ${from})`,
      hint: 'Point DOCKER_HOST or the docker context at an engine.',
    });
  }
  if (major > OLDEST_API[0] || (major === OLDEST_API[0] && minor >= OLDEST_API[1])) return;
  throw environmentError('engine-too-old', {
    path: host,
    message: `the Docker engine (from ${from}) is too old: its API is ${answer.ApiVersion}, needed is ${OLDEST_API.join('.')}`,
    hint: 'Update it to Docker Engine 20.10 or newer, or choose another engine.',
  });
}
