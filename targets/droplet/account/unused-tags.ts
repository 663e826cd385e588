import * as answers from '../../../clients/digitalocean/answers.js';
import type { Api } from '../../../clients/digitalocean/api.js';
import { hasStatus } from '../../../clients/digitalocean/api-error.js';
import { clusterTag, KIT_TAG } from '../../../stacks/droplet/account-names.js';

/**
 * Tags outlive what carried them: those of these clusters go, and the kit's own, when unused. One that
 * a firewall holds for is in use, though nothing carries it yet.
 */
export async function removeUnusedTags(api: Api, clusters: readonly string[]): Promise<void> {
  const candidates = new Set([...clusters.map(clusterTag), KIT_TAG]);
  const unused = (await api.list('/v2/tags', 'tags', answers.tag)).filter(
    ({ name, resources }) => candidates.has(name) && resources.count === 0,
  );
  if (unused.length === 0) return;
  const firewalls = await api.list('/v2/firewalls', 'firewalls', answers.firewall);
  const held = new Set(firewalls.flatMap(({ tags }) => tags));
  for (const { name } of unused.filter(({ name }) => !held.has(name))) {
    try {
      await api.remove(`/v2/tags/${encodeURIComponent(name)}`);
    } catch (error) {
      // Somebody has just begun to use it.
      if (!hasStatus(error, 409, 422)) throw error;
    }
  }
}
