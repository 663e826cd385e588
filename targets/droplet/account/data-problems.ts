import type { Volume } from '../../../clients/digitalocean/answers.js';
import type { Problem } from '../../../lib/errors.js';
import type { DropletSettings } from '../settings.js';
import type { KitObject } from './kit-objects.js';

/**
 * Do the settings fit the volumes that the cluster has on the account, such as one that was kept? What
 * would remove or replace a volume that Terraform knows is refused where it is planned.
 *
 * @param own what of the cluster is on the account
 * @param knownIds ids that its state knows
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
  const without = `To do without the data: clusterkit sweep ${id} --remove.`;
  const path = `clusters.${cluster}`;
  if (!isKnown && wanted === false) {
    const hint = `Write volume: { sizeGb: ${size} } to take it over. ${without}`;
    return [{ path: `${path}.volume`, message: `${what}, and the settings have none`, hint }];
  }
  if (!isKnown && where !== region) {
    const hint = `Write region: ${where} to take it over. ${without}`;
    return [{ path: `${path}.region`, message: `${what}, and the settings say ${region}`, hint }];
  }
  if (wanted !== false && wanted.sizeGb < size) {
    const message = `${what}, and the settings say ${wanted.sizeGb} GB: a volume never shrinks`;
    return [{ path: `${path}.volume.sizeGb`, message, hint: `Write ${size} or more.` }];
  }
  return [];
}
