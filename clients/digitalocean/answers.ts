import { z } from 'zod';

/** Lists that the API omits, or gives as null, when they are empty. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const texts = listOf(z.string());
const slugOf = z
  .object({ slug: z.string() })
  .nullish()
  .transform((region) => region?.slug);

/** `GET /v2/account`. Limits count objects; an absent one is unknown. */
export const accountAnswer = z.object({
  account: z.object({
    status: z.string(),
    status_message: z.string().nullish(),
    email: z.string().nullish(),
    email_verified: z.boolean().nullish(),
    droplet_limit: z.number(),
    volume_limit: z.number().nullish(),
    reserved_ip_limit: z.number().nullish(),
  }),
});
/** Status and limits of an account. */
export type Account = z.infer<typeof accountAnswer>['account'];

/** One of `GET /v2/regions`. */
export const region = z.object({
  slug: z.string(),
  name: z.string(),
  available: z.boolean(),
  features: texts,
});
/** A region where droplets run. */
export type Region = z.infer<typeof region>;

/** One of `GET /v2/sizes`. Memory in MB, disk in GB, prices in US dollars. */
export const size = z.object({
  slug: z.string(),
  memory: z.number(),
  vcpus: z.number(),
  disk: z.number(),
  price_monthly: z.number(),
  price_hourly: z.number(),
  regions: texts,
  available: z.boolean(),
});
/** A size of droplets. */
export type Size = z.infer<typeof size>;

/** `GET /v2/images/{slug or id}`. Disk in GB. */
export const imageAnswer = z.object({
  image: z.object({
    slug: z.string().nullish(),
    distribution: z.string().nullish(),
    min_disk_size: z.number(),
    regions: texts,
    status: z.string().nullish(),
  }),
});
/** An image that droplets start from. */
export type Image = z.infer<typeof imageAnswer>['image'];

/** One of `GET /v2/droplets`. */
export const droplet = z.object({
  id: z.number(),
  name: z.string(),
  status: z.string(),
  locked: z.boolean().nullish(),
  /** In GB. */
  disk: z.number().nullish(),
  region: slugOf,
  tags: texts,
});
/** A droplet, without the fields that the kit does not use. */
export type Droplet = z.infer<typeof droplet>;

/** One of `GET /v2/volumes`. */
export const volume = z.object({
  id: z.string(),
  name: z.string(),
  size_gigabytes: z.number(),
  region: slugOf,
  droplet_ids: listOf(z.number()),
  tags: texts,
});
/** A block storage volume. */
export type Volume = z.infer<typeof volume>;

/** One of `GET /v2/firewalls`. */
export const firewall = z.object({ id: z.string(), name: z.string(), tags: texts });
/** A firewall, without its rules. */
export type Firewall = z.infer<typeof firewall>;

/** One of `GET /v2/account/keys`. */
export const sshKey = z.object({
  id: z.number(),
  name: z.string(),
  fingerprint: z.string(),
  public_key: z.string(),
});
/** A login key of the account. */
export type SshKey = z.infer<typeof sshKey>;

/** One of `GET /v2/reserved_ips`. */
export const reservedIp = z.object({
  ip: z.string(),
  region: slugOf,
  droplet: z.object({ id: z.number() }).nullish(),
});
/** A reserved address. */
export type ReservedIp = z.infer<typeof reservedIp>;

/** One of `GET /v2/projects`. */
export const project = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  is_default: z.boolean().nullish(),
});
/** A project: a folder of the account. */
export type Project = z.infer<typeof project>;

/** `GET /v2/vpcs/{id}`. */
export const vpcAnswer = z.object({
  vpc: z.object({ id: z.string(), name: z.string(), region: z.string() }),
});
/** A private network. */
export type Vpc = z.infer<typeof vpcAnswer>['vpc'];

/** One of `GET /v2/tags`; `count` is the number of objects with the tag. */
export const tag = z.object({
  name: z.string(),
  resources: z.object({ count: z.number() }),
});
/** A tag of the account. */
export type Tag = z.infer<typeof tag>;

/** The answer to an action; the status `errored` means that it failed. */
export const actionAnswer = z.object({
  action: z.object({ id: z.number(), status: z.string() }),
});
