import { z } from 'zod';
import { listOf } from './answers.js';

const texts = listOf(z.string());

/** One of `GET /v2/databases`, without its credentials. */
export const database = z.object({
  id: z.string(),
  name: z.string(),
  engine: z.string(),
  version: z.string(),
  region: z.string(),
  size: z.string(),
  num_nodes: z.number(),
  /** `creating`, `online`, `resizing`, `migrating`, `forking`. */
  status: z.string(),
  private_network_uuid: z.string().nullish(),
  tags: texts,
});
/** A managed database. */
export type Database = z.infer<typeof database>;

/** `POST /v2/databases` and `GET /v2/databases/{id}`. */
export const databaseAnswer = z.object({ database });

/** Address and login of a database; a token without the scope for credentials gets no password. */
const connection = z.object({
  host: z.string().nullish(),
  port: z.number().nullish(),
  user: z.string().nullish(),
  password: z.string().nullish(),
});

/** The same answer, with its credentials. */
export const databaseLoginAnswer = z.object({
  database: z.object({
    connection: connection.nullish(),
    private_connection: connection.nullish(),
  }),
});

/** `GET /v2/databases/{id}/ca`; PEM in base64. */
export const databaseCaAnswer = z.object({ ca: z.object({ certificate: z.string() }) });

/** One of `GET /v2/databases/{id}/dbs`. */
export const databaseDb = z.object({ name: z.string() });

/** `GET /v2/databases/{id}/firewall`. Without a rule, everybody reaches the database. */
export const databaseFirewallAnswer = z.object({
  rules: listOf(z.object({ type: z.string(), value: z.string() })),
});

const engineOptions = z.object({
  regions: texts,
  versions: texts,
  layouts: listOf(z.object({ num_nodes: z.number(), sizes: texts })),
});

/** `GET /v2/databases/options`. */
export const databaseOptionsAnswer = z.object({
  options: z.object({ pg: engineOptions, mysql: engineOptions }),
});
/** The available versions and sizes of managed databases. */
export type DatabaseOptions = z.infer<typeof databaseOptionsAnswer>['options'];

/** The API's names for the kinds of databases. */
export const DATABASE_ENGINES = { postgres: 'pg', mysql: 'mysql' } as const;
