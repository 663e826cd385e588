import type { Release } from '../../apps/document/document.js';
import type { AppsHost } from '../../apps/host.js';

/** What became of one application. Stable: `--json` shows it. */
export interface AppOutcome {
  readonly app: string;
  /**
   * `held`: a rollback left exactly what clusters.yml has. `unknown`: it stays, since its secrets are not here to
   * compare. `waiting`: its service does not exist yet.
   */
  readonly outcome: 'deployed' | 'unchanged' | 'held' | 'unknown' | 'waiting' | 'removed';
  /** The release that serves; `null`: none. */
  readonly release: string | null;
  /** Where requests go from outside; `null`: it receives none, or the address is not known. */
  readonly address: string | null;
}

/** Where an application's requests go from outside. */
export function addressOf(
  { domains, published }: Pick<Release, 'domains' | 'published'>,
  { place, settings }: Pick<AppsHost, 'place' | 'settings'>,
): string | null {
  const [domain] = domains;
  if (domain !== undefined) {
    return settings.port === 443 ? `https://${domain}` : `https://${domain}:${settings.port}`;
  }
  return published === undefined || place.address === null
    ? null
    : `http://${place.address}:${published}`;
}
