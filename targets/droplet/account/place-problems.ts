import type { Image, Region, Size } from '../../../clients/digitalocean/answers.js';
import type { Problem } from '../../../lib/errors.js';
import { unknownName } from '../../../lib/unknown-name.js';
import type { DropletSettings } from '../settings.js';
import type { AccountFacts } from './account-facts.js';

type Placement = Pick<
  DropletSettings,
  'name' | 'region' | 'size' | 'image' | 'vpc' | 'volume' | 'backups'
>;
type Catalog = Pick<AccountFacts, 'regions' | 'sizes' | 'image' | 'vpc'>;

/** Problems with region, size, image and network, and their combination. Skips what could not be read. */
export function placeProblems(
  placement: Placement,
  { regions, sizes, image, vpc }: Catalog,
): Problem[] {
  const region = regions?.find(({ slug }) => slug === placement.region);
  const size = sizes?.find(({ slug }) => slug === placement.size);
  return [
    ...(regions ? regionProblems(placement, regions, region) : []),
    ...(sizes ? sizeProblems(placement, sizes, size) : []),
    ...imageProblems(placement, image, size),
    ...vpcProblems(placement, vpc),
  ];
}

function regionProblems(
  placement: Placement,
  regions: readonly Region[],
  found: Region | undefined,
) {
  const path = `clusters.${placement.name}.region`;
  const takes = regions.filter(({ available }) => available).map(({ slug }) => slug);
  if (found === undefined) {
    const hint = unknownName(placement.region, takes, 'No region takes droplets now.');
    return [{ path, message: `there is no region '${placement.region}'`, hint }];
  }
  const problems: Problem[] = [];
  const lacks = (what: string, feature: string) => {
    if (found.features.includes(feature)) return;
    const others = regions.filter(
      ({ available, features }) => available && features.includes(feature),
    );
    problems.push({
      path,
      message: `region '${found.slug}' has no ${what}`,
      hint: `Regions that have: ${others.map(({ slug }) => slug).join(', ')}.`,
    });
  };
  if (!found.available) {
    const message = `region '${found.slug}' takes no new droplets`;
    problems.push({ path, message, hint: `Regions that do: ${takes.join(', ')}.` });
  }
  if (placement.volume !== false) lacks('volumes', 'storage');
  if (placement.backups) lacks('backups', 'backups');
  return problems;
}

function sizeProblems(
  placement: Placement,
  sizes: readonly Size[],
  found: Size | undefined,
): Problem[] {
  const path = `clusters.${placement.name}.size`;
  const here = sizes.filter(
    ({ available, regions }) => available && regions.includes(placement.region),
  );
  if (found === undefined) {
    const names = here.map(({ slug }) => slug);
    const hint = unknownName(placement.size, names, `Region '${placement.region}' has no sizes.`);
    return [{ path, message: `there is no size '${placement.size}'`, hint }];
  }
  if (here.includes(found)) return [];
  const enough = here
    .filter(({ memory, disk }) => memory >= found.memory && disk >= found.disk)
    .sort((a, b) => a.price_monthly - b.price_monthly)
    .slice(0, 3)
    .map(({ slug, price_monthly }) => `${slug} ($${price_monthly} a month)`);
  const message = found.available
    ? `size '${found.slug}' is not offered in region '${placement.region}'`
    : `size '${found.slug}' is not offered at present`;
  const hint =
    enough.length > 0
      ? `Sizes there that are not smaller: ${enough.join(', ')}.`
      : `Regions with that size: ${found.regions.join(', ') || 'none'}.`;
  return [{ path, message, hint }];
}

function imageProblems(
  placement: Placement,
  image: Image | null | undefined,
  size: Size | undefined,
): Problem[] {
  const path = `clusters.${placement.name}.image`;
  if (image === undefined) return [];
  if (image === null) {
    const hint = 'Set the slug of an Ubuntu LTS or Debian image, such as ubuntu-24-04-x64.';
    return [{ path, message: `there is no image '${placement.image}'`, hint }];
  }
  const problems: Problem[] = [];
  if (image.status && image.status !== 'available') {
    const message = `image '${placement.image}' is not available (${image.status})`;
    problems.push({ path, message, hint: 'Choose another image, or wait.' });
  }
  if (!image.regions.includes(placement.region)) {
    problems.push({
      path,
      message: `image '${placement.image}' is not in region '${placement.region}'`,
      hint: `It is in: ${image.regions.join(', ') || 'no region'}.`,
    });
  }
  if (size !== undefined && image.min_disk_size > size.disk) {
    problems.push({
      path,
      message: `image '${placement.image}' needs a disk of ${image.min_disk_size} GB, but size '${size.slug}' has ${size.disk} GB`,
      hint: 'Choose a bigger size, or another image.',
    });
  }
  return problems;
}

function vpcProblems(placement: Placement, vpc: Catalog['vpc']): Problem[] {
  const path = `clusters.${placement.name}.vpc`;
  if (placement.vpc === undefined || vpc === undefined) return [];
  const hint = 'Remove it to use the default network of the region.';
  if (vpc === null) return [{ path, message: `there is no network '${placement.vpc}'`, hint }];
  if (vpc.region === placement.region) return [];
  const message = `network '${vpc.name}' is in region '${vpc.region}', the droplet in '${placement.region}'`;
  return [{ path, message, hint }];
}
