import type { Volume } from '../../../clients/digitalocean/answers.js';
import type { Problem } from '../../../lib/errors.js';
import type { DropletSettings } from '../settings.js';
import type { KitObject } from './kit-objects.js';

/**
 * Problems between the settings and the cluster's volumes on the account, such as one that was kept. The
 * plan refuses to remove or replace a volume that is in Terraform's state.
 *
 * @param own the cluster's objects on the account
 * @param knownIds ids in its state
 */
export function dataProblems(
  settings: Pick<DropletSettings, 'name' | 'region' | 'volume'>,
  volumes: readonly Volume[] | undefined,
  own: readonly KitObject[],
  knownIds: ReadonlySet<string> | undefined,
): Problem[] {
  const ids = new Set(own.map(({ kind, id }) => (kind === 'volume' ? id : undefined)));
  return (volumes ?? [])
    .filter(({ id }) => ids.has(id))
    .flatMap((volume) => problemsOf(settings, volume, knownIds?.has(volume.id) ?? true));
}

function problemsOf(
  { name: cluster, region, volume: wanted }: Pick<DropletSettings, 'name' | 'region' | 'volume'>,
  { id, name, region: where, size_gigabytes: size }: Volume,
  isKnown: boolean,
): Problem[] {
  const what = `volume ${name} (${id}; ${size} GB in ${where}) with data of this cluster is on the account`;
  const without = `To drop the data: clusterkit sweep ${id} --remove.`;
  const path = `clusters.${cluster}`;
  if (!isKnown && wanted === false) {
    const hint = `Set volume: { sizeGb: ${size} } to reuse it. ${without}`;
    return [{ path: `${path}.volume`, message: `${what}, but the settings have no volume`, hint }];
  }
  if (!isKnown && where !== region) {
    const hint = `Set region: ${where} to reuse it. ${without}`;
    return [
      { path: `${path}.region`, message: `${what}, but the settings have region ${region}`, hint },
    ];
  }
  if (wanted !== false && wanted.sizeGb < size) {
    const message = `${what}, but the settings have ${wanted.sizeGb} GB, and volumes cannot shrink`;
    return [{ path: `${path}.volume.sizeGb`, message, hint: `Set ${size} or more.` }];
  }
  return [];
}
