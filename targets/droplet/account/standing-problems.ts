import type { Account } from '../../../clients/digitalocean/answers.js';
import type { Problem } from '../../../lib/errors.js';
import type { DropletSettings } from '../settings.js';
import type { AccountObjects } from './account-facts.js';
import type { KitObject } from './kit-objects.js';

type Wishes = Pick<DropletSettings, 'name' | 'volume' | 'reservedIp'>;

/** May the account make anything, and as much as the cluster still lacks? */
export function standingProblems(
  wishes: Wishes,
  account: Account,
  objects: AccountObjects,
  own: readonly KitObject[],
): Problem[] {
  if (account.status === 'locked') {
    return [
      {
        path: 'account',
        message: `the account is locked${account.status_message ? `: ${account.status_message}` : ''}`,
        hint: 'DigitalOcean support unlocks it; until then nothing can be made on it.',
      },
    ];
  }
  const lacks = (kind: KitObject['kind']) => !own.some((object) => object.kind === kind);
  const full = (
    what: string,
    limit: number | null | undefined,
    present: readonly unknown[] | undefined,
    isWanted: boolean,
  ): Problem[] => {
    if (!isWanted || limit == null || present === undefined || present.length < limit) return [];
    const message = `the account has ${present.length} of at most ${limit} ${what}`;
    const hint =
      'Remove one, see what `clusterkit sweep` finds, or ask DigitalOcean for a higher limit.';
    return [{ path: 'account', message, hint }];
  };
  const { droplets, volumes, reservedIps } = objects;
  return [
    ...full('droplets', account.droplet_limit, droplets, lacks('droplet')),
    ...full('volumes', account.volume_limit, volumes, wishes.volume !== false && lacks('volume')),
    ...full(
      'reserved addresses',
      account.reserved_ip_limit,
      reservedIps,
      wishes.reservedIp && lacks('reserved_ip'),
    ),
  ];
}

/** What people should know of the account, though it does not stop anything. */
export function standingWarnings(account: Account): string[] {
  const said = account.status_message ? `: ${account.status_message}` : '';
  return [
    ...(account.status === 'warning' ? [`the account has a warning${said}`] : []),
    ...(account.email_verified === false ? ['the account’s email address is not verified'] : []),
  ];
}
