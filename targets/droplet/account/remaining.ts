import { z } from 'zod';
import type { Api } from '../../../clients/digitalocean/api.js';
import { hasStatus } from '../../../clients/digitalocean/api-error.js';
import type { Remaining } from '../../target.js';
import type { DropletSettings } from '../settings.js';
import type { KitObject } from './kit-objects.js';
import { unusedAmong } from './unused-tags.js';

const snapshot = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  name: z.string(),
  resource_id: z.union([z.string(), z.number()]).transform(String),
  resource_type: z.string(),
  size_gigabytes: z.number(),
});

/** Settings of a cluster by which others keep something. */
type Named = Pick<DropletSettings, 'tags' | 'tls'>;

/**
 * What stays on an account, or elsewhere, after the end of a cluster. The kit did not make it, so it does not
 * remove it. Backups go with their droplet; nothing of a certificate is outside of the droplet.
 *
 * @param before objects of the cluster before its end
 */
export async function remainingOf(
  api: Api,
  settings: Named | undefined,
  before: readonly KitObject[],
): Promise<Remaining[]> {
  const tags = await unusedAmong(api, settings?.tags ?? []);
  const tls = settings?.tls;
  return [
    ...(await snapshotsOf(api, before)),
    ...tags.map((name) => ({
      ...{ kind: 'tag', name, costs: false },
      detail: 'nothing on the account has it any more',
      remove: `doctl compute tag delete ${name}`,
    })),
    ...(tls?.kind === 'acme' && before.length > 0
      ? [
          {
            ...{ kind: 'dns-record', name: tls.domain, costs: false },
            detail: 'its address can be somebody else’s from now on',
            remove: 'remove the record, or point it to another server',
          },
        ]
      : []),
  ];
}

/** Snapshots of the cluster's droplets and volumes, which DigitalOcean keeps and bills. */
async function snapshotsOf(api: Api, before: readonly KitObject[]): Promise<Remaining[]> {
  const own = before.filter(({ kind }) => kind === 'droplet' || kind === 'volume');
  if (own.length === 0) return [];
  try {
    const all = await api.list('/v2/snapshots', 'snapshots', snapshot);
    return all
      .filter((one) =>
        own.some(({ kind, id }) => kind === one.resource_type && id === one.resource_id),
      )
      .map(({ id, name, resource_type, size_gigabytes }) => ({
        ...{ kind: 'snapshot', name, id, costs: true },
        detail: `of the ${resource_type}, ${size_gigabytes} GB`,
        remove: `doctl compute snapshot delete ${id}`,
      }));
  } catch (error) {
    if (!hasStatus(error, 403)) throw error;
    return [
      {
        ...{ kind: 'snapshots', name: own.map(({ name }) => name).join(', '), costs: true },
        detail: 'if there are any: the token may not list them (scope snapshot:read)',
        remove: 'control panel, Backups & Snapshots',
      },
    ];
  }
}
