import type { Image, Region, Size } from '../../../clients/digitalocean/answers.js';
import type { Problem } from '../../../lib/errors.js';
import { unknownName } from '../../../lib/unknown-name.js';
import type { DropletSettings } from '../settings.js';
import type { AccountFacts } from './account-facts.js';

type Wishes = Pick<
  DropletSettings,
  'name' | 'region' | 'size' | 'image' | 'vpc' | 'volume' | 'backups'
>;
type Catalog = Pick<AccountFacts, 'regions' | 'sizes' | 'image' | 'vpc'>;

/** Do region, size, image and network exist, and together? What could not be read is not judged. */
export function placeProblems(wishes: Wishes, { regions, sizes, image, vpc }: Catalog): Problem[] {
  const region = regions?.find(({ slug }) => slug === wishes.region);
  const size = sizes?.find(({ slug }) => slug === wishes.size);
  return [
    ...(regions ? regionProblems(wishes, regions, region) : []),
    ...(sizes ? sizeProblems(wishes, sizes, size) : []),
    ...imageProblems(wishes, image, size),
    ...vpcProblems(wishes, vpc),
  ];
}

function regionProblems(wishes: Wishes, regions: readonly Region[], found: Region | undefined) {
  const path = `clusters.${wishes.name}.region`;
  const takes = regions.filter(({ available }) => available).map(({ slug }) => slug);
  if (found === undefined) {
    const hint = unknownName(wishes.region, takes, 'No region takes droplets now.');
    return [{ path, message: `there is no region '${wishes.region}'`, hint }];
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
  if (wishes.volume !== false) lacks('volumes', 'storage');
  if (wishes.backups) lacks('backups', 'backups');
  return problems;
}

function sizeProblems(wishes: Wishes, sizes: readonly Size[], found: Size | undefined): Problem[] {
  const path = `clusters.${wishes.name}.size`;
  const here = sizes.filter(
    ({ available, regions }) => available && regions.includes(wishes.region),
  );
  if (found === undefined) {
    const names = here.map(({ slug }) => slug);
    const hint = unknownName(wishes.size, names, `Region '${wishes.region}' has no sizes.`);
    return [{ path, message: `there is no size '${wishes.size}'`, hint }];
  }
  if (here.includes(found)) return [];
  const enough = here
    .filter(({ memory, disk }) => memory >= found.memory && disk >= found.disk)
    .sort((a, b) => a.price_monthly - b.price_monthly)
    .slice(0, 3)
    .map(({ slug, price_monthly }) => `${slug} ($${price_monthly} a month)`);
  const message = found.available
    ? `size '${found.slug}' is not offered in region '${wishes.region}'`
    : `size '${found.slug}' is not offered at present`;
  const hint =
    enough.length > 0
      ? `Sizes there that are not smaller: ${enough.join(', ')}.`
      : `Regions with that size: ${found.regions.join(', ') || 'none'}.`;
  return [{ path, message, hint }];
}

function imageProblems(
  wishes: Wishes,
  image: Image | null | undefined,
  size: Size | undefined,
): Problem[] {
  const path = `clusters.${wishes.name}.image`;
  if (image === undefined) return [];
  if (image === null) {
    const hint = 'Write the slug of an Ubuntu LTS or Debian image, such as ubuntu-24-04-x64.';
    return [{ path, message: `there is no image '${wishes.image}'`, hint }];
  }
  const problems: Problem[] = [];
  if (image.status && image.status !== 'available') {
    const message = `image '${wishes.image}' is not available (${image.status})`;
    problems.push({ path, message, hint: 'Choose another image, or wait.' });
  }
  if (!image.regions.includes(wishes.region)) {
    problems.push({
      path,
      message: `image '${wishes.image}' is not in region '${wishes.region}'`,
      hint: `It is in: ${image.regions.join(', ') || 'no region'}.`,
    });
  }
  if (size !== undefined && image.min_disk_size > size.disk) {
    problems.push({
      path,
      message: `image '${wishes.image}' needs a disk of ${image.min_disk_size} GB, and size '${size.slug}' has ${size.disk} GB`,
      hint: 'Choose a bigger size, or another image.',
    });
  }
  return problems;
}

function vpcProblems(wishes: Wishes, vpc: Catalog['vpc']): Problem[] {
  const path = `clusters.${wishes.name}.vpc`;
  if (wishes.vpc === undefined || vpc === undefined) return [];
  const hint = 'Leave it out for the default network of the region.';
  if (vpc === null) return [{ path, message: `there is no network '${wishes.vpc}'`, hint }];
  if (vpc.region === wishes.region) return [];
  const message = `network '${vpc.name}' is in region '${vpc.region}', the droplet in '${wishes.region}'`;
  return [{ path, message, hint }];
}
