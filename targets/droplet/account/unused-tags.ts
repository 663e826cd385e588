import * as answers from '../../../clients/digitalocean/answers.js';
import type { Api } from '../../../clients/digitalocean/api.js';
import { hasStatus } from '../../../clients/digitalocean/api-error.js';
import { clusterTag, KIT_TAG } from '../../../stacks/droplet/account-names.js';

/**
 * Removes unused tags, which outlive their objects: those of these clusters, and the kit's own. A tag that a
 * firewall selects is in use, even when no object has it.
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
      // Something has just started to use it.
      if (!hasStatus(error, 409, 422)) throw error;
    }
  }
}

/**
 * Those of the user's own tags that no object has. They stay: the kit cannot know whether the user made them
 * before, or what else selects them, such as a load balancer or an alert. None where the token may not read them.
 */
export async function unusedAmong(api: Api, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  try {
    const tags = await api.list('/v2/tags', 'tags', answers.tag);
    return tags
      .filter(({ name, resources }) => names.includes(name) && resources.count === 0)
      .map(({ name }) => name);
  } catch (error) {
    if (hasStatus(error, 403)) return [];
    throw error;
  }
}
