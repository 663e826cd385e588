import { REGIONS } from './regions.js';

/** A size of droplets. Memory in MB, disk in GB, transfer in TB, prices in US dollars. */
export interface Size {
  readonly slug: string;
  readonly memory: number;
  readonly vcpus: number;
  readonly disk: number;
  readonly transfer: number;
  readonly price_monthly: number;
  readonly price_hourly: number;
  readonly regions: readonly string[];
  readonly available: boolean;
  readonly description: string;
}

const EVERYWHERE = REGIONS.filter(({ available }) => available).map(({ slug }) => slug);
const SOME = ['nyc1', 'nyc3', 'sfo3', 'ams3', 'sgp1', 'lon1', 'fra1', 'tor1', 'blr1', 'syd1'];
const HOURS_OF_A_BILLED_MONTH = 672;

type Row = readonly [
  slug: string,
  memory: number,
  vcpus: number,
  disk: number,
  transfer: number,
  monthly: number,
  description: string,
  regions: readonly string[],
];

const ROWS: readonly Row[] = [
  ['s-1vcpu-512mb-10gb', 512, 1, 10, 0.5, 4, 'Basic', ['nyc1', 'sfo3', 'ams3', 'sgp1', 'fra1']],
  ['s-1vcpu-1gb', 1024, 1, 25, 1, 6, 'Basic', EVERYWHERE],
  ['s-1vcpu-1gb-amd', 1024, 1, 25, 1, 7, 'Basic AMD', SOME],
  ['s-1vcpu-2gb', 2048, 1, 50, 2, 12, 'Basic', EVERYWHERE],
  ['s-1vcpu-2gb-amd', 2048, 1, 50, 2, 14, 'Basic AMD', SOME],
  ['s-2vcpu-2gb', 2048, 2, 60, 3, 18, 'Basic', EVERYWHERE],
  ['s-2vcpu-4gb', 4096, 2, 80, 4, 24, 'Basic', EVERYWHERE],
  ['s-4vcpu-8gb', 8192, 4, 160, 5, 48, 'Basic', EVERYWHERE],
  ['s-8vcpu-16gb', 16384, 8, 320, 6, 96, 'Basic', EVERYWHERE],
  ['c-2', 4096, 2, 25, 4, 42, 'CPU-Optimized', SOME],
  ['g-2vcpu-8gb', 8192, 2, 25, 4, 63, 'General Purpose', SOME],
  ['m-2vcpu-16gb', 16384, 2, 50, 4, 84, 'Memory-Optimized', SOME],
];

/** The sizes, cheapest of a class first. */
export const SIZES: readonly Size[] = ROWS.map(
  ([slug, memory, vcpus, disk, transfer, monthly, description, regions]) => ({
    slug,
    memory,
    vcpus,
    disk,
    transfer,
    price_monthly: monthly,
    price_hourly: Math.round((monthly / HOURS_OF_A_BILLED_MONTH) * 1e5) / 1e5,
    regions,
    available: true,
    description,
  }),
);
