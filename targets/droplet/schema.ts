import { z } from 'zod';
import { apps } from '../../cluster/settings/apps/schema.js';
import {
  clusterDatabase,
  gateway,
  kind,
  limits,
  oneOf,
  optionalPort,
  server,
} from '../../cluster/settings/common-schema.js';
import { source } from '../../cluster/settings/source.js';

const VOLUME = 'should be false, or a size such as { sizeGb: 10 }';
const VPC = 'should be the id (UUID) of a VPC';
const DOMAIN = 'should be a name such as api.example.com';
const SIZE_GB = 'should be a whole number from 1 to 16384';

/** Slug of a region, size or image at DigitalOcean: `fra1`, `s-1vcpu-2gb`, or an image's number. */
const slug = (what: string, example: string) =>
  z
    .string(`should be ${what} in quotes, such as "${example}"`)
    .regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, `should be ${what} such as ${example}`);

const sources = (description: string, fallback = 'your public address') =>
  z
    .strictObject({
      sources: z
        .array(source)
        .min(1, 'should name at least one source')
        .describe('Addresses and blocks of addresses; 0.0.0.0/0 and ::/0 are everybody.'),
    })
    .describe(`${description} Default: ${fallback}.`)
    .optional();

const acme = z
  .strictObject({
    email: z
      .string('should be an e-mail address')
      .regex(/^[^\s@<>"]+@[^\s@<>"]+$/, 'should be an e-mail address')
      .describe('Where the authority may write to.')
      .optional(),
    directory: z
      .string('should be an https address')
      .regex(/^https:\/\/[^\s/{}]+(\/[^\s{}]*)?$/, 'should be an https address')
      .describe("Directory of the certificate authority. Default: Let's Encrypt's.")
      .optional(),
    caFile: z
      .string('should be a path')
      .min(1, 'should be a path')
      .describe('File with the root of another authority (PEM), relative to this file.')
      .optional(),
  })
  .describe('The authority for the certificate of domain (ACME).')
  .optional();

const volume = z
  .union(
    [
      z.literal(false),
      z.strictObject({
        sizeGb: z
          .int(SIZE_GB)
          .min(1, SIZE_GB)
          .max(16384, SIZE_GB)
          .default(10)
          .describe('Size in GB.'),
      }),
    ],
    VOLUME,
  )
  .default({ sizeGb: 10 })
  .describe(
    'Volume for the data, apart from the droplet. It can grow, but not shrink. false: the data is on the droplet and is removed with it. Default: 10 GB.',
  );

const tag = z
  .string()
  .regex(/^[A-Za-z0-9:_-]{1,255}$/, 'should be of letters, digits, colons, dashes and underscores')
  .refine((name) => !/^clusterkit($|:)/i.test(name), 'is for clusterkit to set');

const flag = (description: string) =>
  z.boolean('should be true or false').default(false).describe(`${description} Default: false.`);

/** Keys of a cluster on a DigitalOcean droplet in `clusters.yml`. */
export const dropletShape = {
  target: z.literal('digitalocean').describe('A droplet on DigitalOcean.'),
  region: slug('a region', 'fra1').default('fra1').describe('Region of DigitalOcean.'),
  size: slug('a size', 's-1vcpu-2gb')
    .default('s-1vcpu-2gb')
    .describe("Size of the droplet. Upstream's servers need 2 GB of memory."),
  image: slug('an image', 'ubuntu-24-04-x64')
    .default('ubuntu-24-04-x64')
    .describe('System of the droplet: an Ubuntu LTS, a Debian, or an image with Docker.'),
  port: optionalPort('Port of the server on the droplet. Default: 4466, or 443 with domain.'),
  kind,
  limits: limits.optional(),
  gateway,
  server,
  database: clusterDatabase,
  apps,
  ssh: sources('Addresses that may use ssh.'),
  management: sources(
    'Addresses that may reach the server, or only its management API when data is set.',
  ),
  data: sources(
    'Addresses that may use the services. The cluster gets a gateway.',
    'those of management',
  ),
  domain: z
    .string(DOMAIN)
    .regex(/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/, DOMAIN)
    .describe(
      'Domain name of the droplet. The cluster gets a certificate for it (ACME), an https address and a gateway. Port 80 is then open to everybody.',
    )
    .optional(),
  acme,
  tls: oneOf(['pinned'])
    .describe(
      'pinned: a self-signed certificate, which clusterkit recognises by its fingerprint; for droplets without a domain. The cluster gets a gateway.',
    )
    .optional(),
  volume,
  reservedIp: flag('A reserved address, which survives a replacement of the droplet.'),
  project: z
    .string('should be a name')
    .min(1, 'should be a name')
    .max(175, 'should be a name of at most 175 characters')
    .describe('Name of a project that is created on the account for the objects of the cluster.')
    .optional(),
  tags: z
    .array(tag)
    .default([])
    .describe('Your own tags, in addition to those of clusterkit. Default: none.'),
  backups: flag('Weekly backups of the droplet, by DigitalOcean. A volume is not in them.'),
  monitoring: flag("DigitalOcean's monitoring agent."),
  vpc: z
    .string(VPC)
    .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, VPC)
    .describe('Id of the private network.')
    .optional(),
  images: oneOf(['pull', 'push'])
    .describe(
      'pull: the droplet pulls the images. push: the Docker engine of this machine sends them. Default: push for bundled images, pull for others.',
    )
    .optional(),
} as const;

/** An entry of `clusters.yml` whose target is a droplet. */
export type DropletEntry = z.infer<z.ZodObject<typeof dropletShape>>;
