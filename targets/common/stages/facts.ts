import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { readsVariables } from '../../../cluster/configuration/server-container.js';
import type { ClusterIdentity } from '../../../cluster/identity.js';
import { keyDirectory } from '../../../cluster/keys/key-directory.js';
import { stateFile } from '../../../cluster/project.js';
import { acceptsDerivedSecret } from '../../../cluster/settings/accepts-derived-secret.js';
import { serverConnections } from '../../../cluster/settings/server-connections.js';
import type {
  ClusterSettings,
  DatabaseSettings,
  GatewaySettings,
} from '../../../cluster/settings/settings.js';

/** The gateway in front of the server. @default - none */
const gateway = z.strictObject({
  limits: z
    .strictObject({
      requests: z.number(),
      perSeconds: z.number(),
      queue: z.number(),
      storageMb: z.number(),
    })
    .optional(),
  /** Addresses and blocks that may use each API. @default - all that reach the port */
  sources: z
    .strictObject({ management: z.array(z.string()), data: z.array(z.string()) })
    .optional(),
});

/** An external database. @default - none */
const external = z.strictObject({
  host: z.string(),
  port: z.number(),
  user: z.string(),
  database: z.string(),
  ssl: z.enum(['verify-full', 'disable']),
  /** Path of the authority's certificate. @default - the well-known ones */
  caFile: z.string().optional(),
  /** Source of the password: path of a file, or name of a variable. */
  password: z.union([z.strictObject({ file: z.string() }), z.strictObject({ env: z.string() })]),
  /** @default - this machine reaches it */
  checkFrom: z.literal('host').optional(),
});

/** How the server uses its database, where that differs from the defaults. */
const use = z.strictObject({
  connectionLimit: z.number().optional(),
  rawAccess: z.boolean().optional(),
  schema: z.string().optional(),
  /** Connections that the server opens with its limit. */
  connections: z.number().optional(),
});

/** Https. @default - plain http */
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
 * Every fact about a cluster that a stage on any target may use. Facts are stored in the state and
 * passed as process arguments, so none is secret.
 */
export const facts = z.strictObject({
  cluster: z.string(),
  /** Value of `clusters.<name>.target`. Old states lack it. */
  target: z.string().default('docker'),
  /** State directory of the checkout: the label on every object of the cluster. */
  project: z.string(),
  /** Directory of the cluster's key store. */
  keyDirectory: z.string(),
  /** Host of the registry entry. */
  endpoint: z.string(),
  /** Address of the machine, reserved or its own; only with https. */
  address: z.string().optional(),
  /** Path of the registry file. */
  registry: z.string(),
  connector: z.enum(['postgres', 'mysql']),
  auth: z.enum(['rsa', 'secret']),
  /** The server also accepts the secret derived from its key pair. @default - it does not */
  derivedSecret: z.literal(true).optional(),
  /** Image whose command the configuration starts; empty when the server reads files itself. */
  startedImage: z.string(),
  /** Image of the database; also carries files into the configuration volume. */
  databaseImage: z.string(),
  /** Version whose protocol the server speaks. */
  version: z.string(),
  /** Terraform state of the cluster. */
  stateFile: z.string(),
  /** Changes when the last apply was interrupted: see `targets/common/attempt.ts`. */
  attempt: z.string(),
  gateway: gateway.optional(),
  external: external.optional(),
  use: use.optional(),
  tls: tls.optional(),
});

type Shape = typeof facts.shape;

/** The input of a stage: these facts and no others. */
export const pick = <Name extends keyof Shape>(...names: readonly Name[]) =>
  z.strictObject(
    Object.fromEntries(names.map((name) => [name, facts.shape[name]])) as Pick<Shape, Name>,
  );

/** See {@link facts}. */
export type Facts = z.infer<typeof facts>;

/** Facts that every target knows without a machine; the endpoint is the target's to add. */
export type CommonFacts = Omit<Facts, 'endpoint' | 'address'>;

/** Paths of a cluster's files, which are not in its settings; and its identity. */
export interface StagePlaces {
  /** State directory of the project, absolute. */
  readonly stateDir: string;
  /** See `cluster/identity.ts`; the stack has its id in labels, and its origin in stage inputs. */
  readonly identity: Pick<ClusterIdentity, 'id' | 'origin'>;
  /** Path of the cluster registry. */
  readonly registry: string;
  /** See `targets/common/attempt.ts`. */
  readonly attempt: string;
}

/** The {@link CommonFacts} of a cluster, from its settings and paths. */
export function commonFacts(
  settings: ClusterSettings,
  { stateDir, registry, attempt }: Omit<StagePlaces, 'identity'>,
): CommonFacts {
  const { name, target, database, server, gateway } = settings;
  // Paths in `clusters.yml` are relative to its directory.
  const directory = dirname(stateDir);
  return {
    cluster: name,
    target,
    project: stateDir,
    keyDirectory: keyDirectory(stateDir, name),
    registry,
    connector: database.connector,
    auth: server.auth,
    ...(acceptsDerivedSecret(settings) && { derivedSecret: true as const }),
    startedImage: readsVariables(server) ? server.image : '',
    databaseImage: database.image,
    version: server.version,
    stateFile: stateFile(stateDir, name),
    attempt,
    ...externalFacts(database, directory),
    ...useFacts(settings),
    ...tlsFacts(settings, directory),
    ...(gateway && { gateway: gatewayFacts(gateway) }),
  };
}

/** The facts about a gateway that come from settings. */
export const gatewayFacts = ({ limits }: GatewaySettings) => ({ ...(limits && { limits }) });

function useFacts(settings: ClusterSettings) {
  const { connectionLimit, rawAccess, schema } = settings.database;
  const use = { connectionLimit, rawAccess, schema, connections: serverConnections(settings) };
  const given = Object.entries(use).filter(([, value]) => value !== undefined);
  return given.length === 0 ? {} : { use: Object.fromEntries(given) as typeof use };
}

function externalFacts({ external }: DatabaseSettings, directory: string) {
  if (external === undefined) return {};
  const { password, caFile, ...rest } = external;
  return {
    external: {
      ...rest,
      password: 'file' in password ? { file: resolve(directory, password.file) } : password,
      ...(caFile !== undefined && { caFile: resolve(directory, caFile) }),
    },
  };
}

function tlsFacts({ tls }: Pick<ClusterSettings, 'tls'>, directory: string) {
  if (tls === undefined) return {};
  const { proxyImage: _, ...rest } = tls;
  if (rest.kind === 'pinned' || rest.caFile === undefined) return { tls: rest };
  return { tls: { ...rest, caFile: resolve(directory, rest.caFile) } };
}
