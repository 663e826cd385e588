import { AbortError } from 'p-retry';
import { z } from 'zod';
import * as answers from '../../../clients/digitalocean/answers.js';
import type { Api } from '../../../clients/digitalocean/api.js';
import { hasStatus } from '../../../clients/digitalocean/api-error.js';
import { KitError, type Problem } from '../../../lib/errors.js';
import { type RetryBounds, retryUntil } from '../../../lib/retry-until.js';
import type { KitObject, KitObjectKind } from './kit-objects.js';
import { removeUnusedTags } from './unused-tags.js';

/**
 * Addresses and droplets first, which frees what is attached to them. The login key late: it identifies the
 * owner of its cluster's other objects.
 */
const ORDER: readonly KitObjectKind[] = [
  'reserved_ip',
  'droplet',
  'volume',
  'database',
  'firewall',
  'project',
  'ssh_key',
  'tag',
];

/** Outcome for an object. */
export interface Removal {
  readonly object: KitObject;
  readonly outcome: 'removed' | 'absent';
}

/**
 * Removes objects in any state: detaches addresses and volumes first, and waits for busy objects. Ignores
 * objects that are already gone. After a failure it continues with the others, except the login key of that
 * cluster. Removes unused tags at the end.
 *
 * @throws KitError `account-not-cleared` (exit 3) with every failure, and the successful removals
 */
export async function removeKitObjects(
  api: Api,
  objects: readonly KitObject[],
  {
    timeoutMs = 180_000,
    signal,
    unusedTags = 'removed',
  }: {
    /** Timeout for each object. @default 180 000 */
    readonly timeoutMs?: number;
    readonly signal?: AbortSignal | undefined;
    /**
     * Whether to remove unused tags of the objects' clusters. Inside an apply Terraform manages them, and may
     * be about to use them. @default 'removed'
     */
    readonly unusedTags?: 'removed' | 'kept';
  } = {},
): Promise<Removal[]> {
  const bounds: RetryBounds = { timeoutMs, signal };
  const done: Removal[] = [];
  const failures: { cluster: string | undefined; problem: Problem; cause: unknown }[] = [];
  const attempt = async (
    what: string,
    cluster: string | undefined,
    work: () => Promise<void>,
  ): Promise<void> => {
    try {
      await work();
    } catch (error) {
      bounds.signal?.throwIfAborted();
      const message = `was not removed: ${error instanceof Error ? error.message : error}`;
      failures.push({ cluster, problem: { path: what, message }, cause: error });
    }
  };
  for (const kind of ORDER) {
    const unfinished = new Set(failures.map(({ cluster }) => cluster));
    const same = objects.filter(
      (object) => object.kind === kind && !(kind === 'ssh_key' && unfinished.has(object.cluster)),
    );
    await Promise.all(
      same.map((object) =>
        attempt(`${kind} ${object.name} (${object.id})`, object.cluster, async () => {
          done.push({ object, outcome: await REMOVE[kind](api, object, bounds) });
        }),
      ),
    );
  }
  const clusters = unusedTags === 'kept' ? [] : objects.flatMap(({ cluster }) => cluster ?? []);
  if (clusters.length > 0) await attempt('tags', undefined, () => removeUnusedTags(api, clusters));
  if (failures.length === 0) return done;
  const problems = failures.map(({ problem }) => ({
    ...problem,
    hint: 'Run the same command again for the remaining objects.',
  }));
  throw new KitError('account-not-cleared', 3, problems, { cause: failures[0]?.cause, done });
}

type Remove = (api: Api, object: KitObject, bounds: RetryBounds) => Promise<'removed' | 'absent'>;

const at =
  (path: string): Remove =>
  (api, { id }, bounds) =>
    whenFree(bounds, () => api.remove(`${path}/${encodeURIComponent(id)}`));

const REMOVE: Readonly<Record<KitObjectKind, Remove>> = {
  droplet: async (api, { id }, bounds) => {
    const path = `/v2/droplets/${id}`;
    const outcome = await whenFree(bounds, () => api.remove(path));
    if (outcome === 'removed') await retryUntil(() => requireGone(api, path), bounds);
    return outcome;
  },
  volume: (api, { id, dropletId }, bounds) =>
    whenFree(
      bounds,
      () => api.remove(`/v2/volumes/${id}`),
      async () => {
        if (dropletId === undefined) return;
        const detach = { type: 'detach', droplet_id: dropletId };
        await tolerant(api.post(`/v2/volumes/${id}/actions`, detach, answers.actionAnswer));
      },
    ),
  reserved_ip: (api, { id }, bounds) =>
    whenFree(
      bounds,
      () => api.remove(`/v2/reserved_ips/${id}`),
      async () => {
        const unassign = { type: 'unassign' };
        await tolerant(api.post(`/v2/reserved_ips/${id}/actions`, unassign, answers.actionAnswer));
      },
    ),
  database: at('/v2/databases'),
  firewall: at('/v2/firewalls'),
  ssh_key: at('/v2/account/keys'),
  tag: at('/v2/tags'),
  project: async (api, { id }, bounds) => {
    const path = `/v2/projects/${id}`;
    return whenFree(
      bounds,
      () => api.remove(path),
      async () => {
        const resources = await api.list(`${path}/resources`, 'resources', URN);
        if (resources.length === 0) return;
        const body = { resources: resources.map(({ urn }) => urn) };
        await api.post('/v2/projects/default/resources', body, z.unknown(), 'again');
      },
    );
  },
};

const URN = z.object({ urn: z.string() });

/** Retries while the object is busy or has attachments; calls `release` before each retry. */
async function whenFree<T>(
  bounds: RetryBounds,
  work: () => Promise<T>,
  release: () => Promise<void> = async () => {},
): Promise<T> {
  return retryUntil(async () => {
    try {
      return await work();
    } catch (error) {
      if (!hasStatus(error, 409, 412, 422)) throw stop(error);
      await release().catch((cause: unknown) => {
        throw stop(cause);
      });
      throw error;
    }
  }, bounds);
}

/** Ignores "already done" and "busy": the next attempt shows which. */
async function tolerant(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!hasStatus(error, 404, 409, 422)) throw error;
  }
}

async function requireGone(api: Api, path: string): Promise<void> {
  try {
    await api.get(path, z.unknown());
  } catch (error) {
    if (hasStatus(error, 404)) return;
    throw stop(error);
  }
  throw new Error(`${path} still exists`);
}

const stop = (error: unknown) => new AbortError(error instanceof Error ? error : String(error));
