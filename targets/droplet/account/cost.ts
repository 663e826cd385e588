import { size } from '../../../clients/digitalocean/answers.js';
import type { Api } from '../../../clients/digitalocean/api.js';
import { usageError } from '../../../lib/errors.js';
import { unknownName } from '../../../lib/unknown-name.js';
import { accountName } from '../../../stacks/droplet/account-names.js';
import type { DropletSettings } from '../settings.js';

/** One object of a cluster on the account. Prices in US dollars, without taxes. */
export interface CostItem {
  readonly what:
    | 'droplet'
    | 'backups'
    | 'volume'
    | 'database'
    | 'reserved_ip'
    | 'firewall'
    | 'ssh_key'
    | 'project';
  readonly name: string;
  readonly detail: string;
  /** `null`: unknown. */
  readonly monthly: number | null;
  /**
   * `api`: the current price of the API; `list`: the published price when this kit was built; `not-told`: the
   * API has no price.
   */
  readonly price: 'api' | 'list' | 'not-told';
}

/** The API has no prices for these. */
const VOLUME_GB_MONTHLY = 0.1;
/** Share of the droplet's price, for the weekly plan of the stack. */
const BACKUPS_SHARE = 0.2;

/**
 * The cluster's objects on the account, and their monthly cost.
 * @throws KitError `place-unknown` (exit 2) for an unknown size
 */
export async function dropletCost(settings: DropletSettings, api: Api) {
  const sizes = await api.list('/v2/sizes', 'sizes', size);
  const found = sizes.find(({ slug }) => slug === settings.size);
  if (found === undefined) {
    throw usageError('place-unknown', {
      path: `clusters.${settings.name}.size`,
      message: `there is no size '${settings.size}'`,
      hint: unknownName(
        settings.size,
        sizes.map(({ slug }) => slug),
        'There are no sizes.',
      ),
    });
  }
  const { slug, vcpus, memory, disk, price_monthly, price_hourly } = found;
  const { name, region, image, volume, database, backups, reservedIp, project } = settings;
  const free = { monthly: 0, price: 'list' } as const;
  const items: CostItem[] = [
    {
      what: 'droplet',
      name: accountName(name, 'droplet'),
      detail: `${slug} in ${region}: ${vcpus} vCPU, ${memory / 1024} GB of memory, ${disk} GB of disk; ${image}`,
      monthly: price_monthly,
      price: 'api',
    },
  ];
  if (backups) {
    const detail = `weekly, ${BACKUPS_SHARE * 100} % of the droplet`;
    const monthly = cents(price_monthly * BACKUPS_SHARE);
    const own = { name: accountName(name, 'droplet'), detail };
    items.push({ what: 'backups', ...own, monthly, price: 'list' });
  }
  if (volume !== false) {
    const monthly = cents(volume.sizeGb * VOLUME_GB_MONTHLY);
    const detail = `${volume.sizeGb} GB in ${region}`;
    items.push({ what: 'volume', name: accountName(name, 'data'), detail, monthly, price: 'list' });
  }
  if (database.managed) {
    const { version, size, nodes } = database.managed;
    const count = nodes === 1 ? '1 node' : `${nodes} nodes`;
    const detail = `${database.connector} ${version}, ${count} of ${size} in ${region}; the API has no price for it`;
    const own = { name: accountName(name, 'database'), detail };
    items.push({ what: 'database', ...own, monthly: null, price: 'not-told' });
  }
  if (reservedIp) {
    const detail = 'free while it is assigned to a droplet';
    items.push({ what: 'reserved_ip', name: 'reserved address', detail, ...free });
  }
  items.push({ what: 'firewall', name: accountName(name, 'firewall'), detail: 'free', ...free });
  items.push({ what: 'ssh_key', name: accountName(name, 'login'), detail: 'free', ...free });
  if (project !== undefined)
    items.push({ what: 'project', name: project, detail: 'free', ...free });
  const monthly = cents(items.reduce((sum, item) => sum + (item.monthly ?? 0), 0));
  return { currency: 'USD', items, monthly, hourlyDroplet: price_hourly };
}

const cents = (dollars: number) => Math.round(dollars * 100) / 100;
