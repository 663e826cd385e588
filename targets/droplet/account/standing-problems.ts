import type { Account } from '../../../clients/digitalocean/answers.js';
import type { Problem } from '../../../lib/errors.js';
import type { DropletSettings } from '../settings.js';
import type { AccountObjects } from './account-facts.js';
import type { KitObject } from './kit-objects.js';

type Wishes = Pick<DropletSettings, 'name' | 'volume' | 'reservedIp'>;

/** Problems when the account may not create objects, or not as many as the cluster still needs. */
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
        hint: 'Ask DigitalOcean support to unlock it; until then nothing can be created on it.',
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
    const hint = 'Remove one, run `clusterkit sweep`, or ask DigitalOcean for a higher limit.';
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

/** Warnings about the account. */
export function standingWarnings(account: Account): string[] {
  const said = account.status_message ? `: ${account.status_message}` : '';
  return [
    ...(account.status === 'warning' ? [`the account has a warning${said}`] : []),
    ...(account.email_verified === false ? ['the account’s email address is not verified'] : []),
  ];
}
