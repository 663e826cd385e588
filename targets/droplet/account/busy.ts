import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import * as answers from '../../../clients/digitalocean/answers.js';
import type { Api } from '../../../clients/digitalocean/api.js';
import { hasStatus } from '../../../clients/digitalocean/api-error.js';
import { KitError } from '../../../lib/errors.js';
import { clusterTag } from '../../../stacks/droplet/account-names.js';
import type { ClusterContext } from '../../context.js';

type Waiting = Pick<ClusterContext, 'cluster' | 'progress' | 'signal'>;

/** Pauses between two looks: from the first to the longest. */
const PAUSE_MS = { first: 500, longest: 5000 };
/** A snapshot of a big droplet takes minutes. After this time DigitalOcean's refusal is the error. */
const PATIENCE_MS = 15 * 60_000;
const MOST_TRIES = 5;

/** Was Terraform refused only because another action on the droplet was pending? */
export const isBusy = (error: unknown): boolean =>
  error instanceof KitError &&
  error.code === 'terraform-failed' &&
  error.problems.every(({ message }) => /already has a pending event/i.test(message));

/**
 * Repeats what was refused only because the droplet was busy: with a backup, with a snapshot that somebody
 * takes, or with something that DigitalOcean does by itself. `work` goes on where it was refused.
 */
export async function persistWhileBusy<T>(
  api: Api,
  waiting: Waiting,
  work: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || tries === MOST_TRIES) throw error;
      const { progress, signal } = waiting;
      progress.warn('the droplet was busy, so DigitalOcean refused a part: trying again');
      await sleep(PAUSE_MS.first * 2 ** tries, undefined, { signal });
      await awaitIdle(api, waiting);
    }
  }
}

/** Waits until no action on the cluster's droplets is pending, or the time for that is up. */
export async function awaitIdle(api: Api, { cluster, progress, signal }: Waiting): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let pause = PAUSE_MS.first, last = ''; ; pause = Math.min(2 * pause, PAUSE_MS.longest)) {
    const pending = await pendingActions(api, cluster);
    if (pending.length === 0 || Date.now() > deadline) return;
    const what = pending.join(', ');
    if (what !== last) progress.warn(`the droplet is busy (${what}): waiting`);
    last = what;
    await sleep(pause, undefined, { signal });
  }
}

const action = z.object({ type: z.string(), status: z.string() });
const actionsAnswer = z.object({ actions: answers.listOf(action) });

/** Types of the pending actions; none where the token may not read them. */
async function pendingActions(api: Api, cluster: string): Promise<string[]> {
  try {
    const droplets = await api.list('/v2/droplets', 'droplets', answers.droplet);
    const own = droplets.filter(({ tags }) => tags.includes(clusterTag(cluster)));
    const found = await Promise.all(
      own.map(async ({ id, locked }) => {
        // The newest come first; older ones have ended.
        const path = `/v2/droplets/${id}/actions?per_page=20`;
        const { actions } = await api.get(path, actionsAnswer);
        const pending = actions.filter(({ status }) => status === 'in-progress');
        // Those of volumes and reserved addresses are not in the list.
        return pending.length === 0 && locked ? ['locked'] : pending.map(({ type }) => type);
      }),
    );
    return found.flat();
  } catch (error) {
    if (hasStatus(error, 403, 404)) return [];
    throw error;
  }
}
