import { z } from 'zod';

/** The gateway before the server; left out where there is none. */
const gateway = z.strictObject({
  limits: z
    .strictObject({
      requests: z.number(),
      perSeconds: z.number(),
      queue: z.number(),
      storageMb: z.number(),
    })
    .optional(),
  /** Who may use what: addresses and blocks. Left out: everybody who reaches the port. */
  sources: z
    .strictObject({ management: z.array(z.string()), data: z.array(z.string()) })
    .optional(),
});

/** A database that is there already; left out where there is none. */
const external = z.strictObject({
  host: z.string(),
  port: z.number(),
  user: z.string(),
  database: z.string(),
  ssl: z.enum(['verify-full', 'disable']),
  /** Path of the authority's certificate; left out: the well-known ones. */
  caFile: z.string().optional(),
  /** Where the password is to be had: path of a file, or name of a variable. */
  password: z.union([z.strictObject({ file: z.string() }), z.strictObject({ env: z.string() })]),
  /** Left out: this machine reaches it. */
  checkFrom: z.literal('host').optional(),
});

/** A database that DigitalOcean keeps; left out where there is none. */
const managed = z.strictObject({
  version: z.string(),
  size: z.string(),
  nodes: z.number(),
  region: z.string(),
  /** Private network; left out: the region's default. */
  vpc: z.string().optional(),
});

/** How clients come to https; left out: plain http. */
const tls = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('acme'),
    domain: z.string(),
    email: z.string().optional(),
    directory: z.string().optional(),
    /** Path of the root of an authority that is not well known. */
    caFile: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('pinned') }),
]);

/**
 * Everything that a stage inside an apply may need. It stands in state and in process arguments,
 * so nothing in it is secret.
 */
const all = z.strictObject({
  cluster: z.string(),
  /** What it runs on. States that were written before there was a choice do not tell. */
  target: z.enum(['docker', 'digitalocean']).default('docker'),
  /** State directory of the checkout: the label on everything of it. */
  project: z.string(),
  /** Where the cluster's key pair and database password are kept. */
  keyDirectory: z.string(),
  /** Host of the registry entry. */
  endpoint: z.string(),
  /** Address of the machine, reserved or its own; left out where there is no https. */
  address: z.string().optional(),
  /** Path of the registry file. */
  registry: z.string(),
  connector: z.enum(['postgres', 'mysql']),
  auth: z.enum(['rsa', 'secret']),
  /** Image whose own command the configuration starts; empty when the server reads it by itself. */
  startedImage: z.string(),
  /** Image of the database; also carries files into the configuration volume. */
  databaseImage: z.string(),
  /** Version whose protocol the server speaks. */
  version: z.string(),
  /** Terraform state of the cluster. */
  stateFile: z.string(),
  /** Changes when the last apply was cut short: see `targets/common/stages/attempt.ts`. */
  attempt: z.string(),
  gateway: gateway.optional(),
  external: external.optional(),
  managed: managed.optional(),
  tls: tls.optional(),
});

const transport = z.enum(['pull', 'push']);

/** What else the stages of a cluster on a droplet may need. As little a secret. */
const ofDroplet = all.extend({
  /** Id at DigitalOcean. */
  droplet: z.string(),
  /** Address for ssh: the droplet's own, also where a reserved one leads to it. */
  host: z.string(),
  /** Memory of the droplet in MB. */
  memoryMb: z.number(),
  /** Port that the server is published on. */
  port: z.number(),
  serverImage: z.string(),
  serverTransport: transport,
  databaseTransport: transport,
  /** Name of the volume that the data is on; empty when it is on the droplet's own disk. */
  volume: z.string(),
  /** Left out where there is no gateway. */
  gatewayImage: z.string().optional(),
  gatewayTransport: transport.optional(),
  /** Left out where there is no https. */
  proxyImage: z.string().optional(),
  proxyTransport: transport.optional(),
});

/**
 * The stages inside an apply, and what each is told: no more than it uses, since a stage
 * runs again when its input changes.
 */
export const STAGE_INPUTS = {
  /** The one stage that runs only at destroy time, as the last. */
  forget: all.pick({ cluster: true, project: true, keyDirectory: true, registry: true }),
  sweep: all.pick({
    cluster: true,
    project: true,
    stateFile: true,
    attempt: true,
    keyDirectory: true,
    endpoint: true,
    registry: true,
    connector: true,
    version: true,
  }),
  configure: all.pick({
    gateway: true,
    external: true,
    cluster: true,
    project: true,
    keyDirectory: true,
    connector: true,
    auth: true,
    startedImage: true,
    databaseImage: true,
    version: true,
  }),
  'await-database': all.pick({
    cluster: true,
    keyDirectory: true,
    connector: true,
    external: true,
  }),
  /** Also what its counterpart `release` is told at destroy time. */
  register: all.pick({
    cluster: true,
    target: true,
    keyDirectory: true,
    auth: true,
    version: true,
    endpoint: true,
    address: true,
    registry: true,
    gateway: true,
    tls: true,
  }),
  /** {@link sweep}, on the account: before anything is made there. */
  'sweep-droplet': all.pick({
    cluster: true,
    project: true,
    stateFile: true,
    attempt: true,
    keyDirectory: true,
    registry: true,
  }),
  /** {@link forget}, on the account. */
  'forget-droplet': all.pick({ cluster: true, project: true, keyDirectory: true, registry: true }),
  /** A database that DigitalOcean keeps: made, closed to all but the droplet, and logged in to. */
  'managed-database': all.pick({
    cluster: true,
    project: true,
    keyDirectory: true,
    connector: true,
    version: true,
    managed: true,
  }),
  /** Its end, with all data: at destroy time only. */
  'drop-database': all.pick({ cluster: true, project: true, keyDirectory: true }),
  /** A database of one's own is no cluster's any more: at destroy time only. */
  'release-database': all.pick({
    cluster: true,
    keyDirectory: true,
    connector: true,
    external: true,
  }),
  /** From a droplet that has just booted to running containers. */
  install: ofDroplet.pick({
    cluster: true,
    project: true,
    keyDirectory: true,
    droplet: true,
    host: true,
    memoryMb: true,
    port: true,
    connector: true,
    auth: true,
    version: true,
    serverImage: true,
    serverTransport: true,
    databaseImage: true,
    databaseTransport: true,
    startedImage: true,
    volume: true,
    gateway: true,
    external: true,
    managed: true,
    tls: true,
    address: true,
    gatewayImage: true,
    gatewayTransport: true,
    proxyImage: true,
    proxyTransport: true,
  }),
} as const;

export type StageName = keyof typeof STAGE_INPUTS;
export type StageInput<Name extends StageName> = z.infer<(typeof STAGE_INPUTS)[Name]>;

/** Every fact about a cluster that stages are told. */
export type StageFacts = z.infer<typeof all>;

/** Every fact about a cluster on a droplet that stages are told. */
export type DropletFacts = z.infer<typeof ofDroplet>;

/**
 * What a stage is told, out of all facts. What a cluster has not is left out, so that the inputs of
 * others stay as they were.
 */
export function inputFor<Name extends StageName>(
  name: Name,
  facts: StageInput<Name>,
): StageInput<Name> {
  const keys = Object.keys(STAGE_INPUTS[name].shape) as (keyof StageInput<Name>)[];
  return Object.fromEntries(
    keys.flatMap((key) => (facts[key] === undefined ? [] : [[key, facts[key]]])),
  ) as StageInput<Name>;
}
