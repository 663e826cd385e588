import { z } from 'zod';
import { Secret } from '../../../lib/secret.js';

const port = z.coerce.number().int().min(0).max(65535);
const text = z.union([z.string(), z.number()]).transform(String);
const secret = text.nullish().transform((value) => (value ? new Secret(value) : undefined));

const DEFAULT_PORTS = { postgres: 5432, mysql: 3306 };

const databaseSchema = z
  .object({
    connector: z.enum(['postgres', 'mysql']),
    host: text,
    /** @default that of the connector */
    port: port.optional(),
    user: text,
    password: secret,
    /** Database of the server's own tables; on MySQL each service has a database of its own. */
    database: text.default('prisma'),
    /** Upper limit of open connections. */
    connectionLimit: z.coerce.number().int().min(1).default(10),
    /** TLS to the database, with its certificate checked. */
    ssl: z.boolean().default(false),
  })
  .transform((database) => ({
    ...database,
    port: database.port ?? DEFAULT_PORTS[database.connector],
  }));

/** The server's settings. */
export const settingsSchema = z.object({
  /** 0 takes any free port. */
  port: port.default(4466),
  /** The generation of servers to imitate. */
  generation: z.enum(['A', 'B', 'C']).default('B'),
  /** HS256 secret of cluster tokens; wins over `legacySecret`; generation A ignores it. */
  managementApiSecret: secret,
  /** SPKI PEM that verifies RS256 cluster tokens; generation C ignores it. */
  legacySecret: text.nullish().transform((value) => value?.trim() || undefined),
  /**
   * Secret derived from the key pair of `legacySecret`: HS256 cluster tokens that it verifies count too.
   * Generation B only, and not with `managementApiSecret`.
   */
  derivedSecret: secret,
  databases: z.object({ default: databaseSchema }),
});

/** The database with the data. */
export type DatabaseSettings = z.output<typeof databaseSchema>;

/** The complete settings of the server. */
export type ServerSettings = z.output<typeof settingsSchema>;
