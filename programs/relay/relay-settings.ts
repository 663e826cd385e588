import { z } from 'zod';
import { DATABASES } from '../../cluster/databases.js';
import { Secret } from '../../lib/secret.js';
import { loadConfiguration, type ReadFile } from '../configuration-file.js';

const seconds = (fallback: number) => z.number().min(0.1).max(3_600).default(fallback);
const text = z.string().min(1);

/** What the relay can be told. Unknown keys are errors. */
export const settingsSchema = z
  .strictObject({
    connector: z.enum(['postgres', 'mysql']),
    host: text,
    port: z.int().min(1).max(65_535),
    user: text,
    password: text.transform((value) => new Secret(value)),
    database: text,
    ssl: z.enum(['verify-full', 'disable']),
    /** Authority of the certificate (PEM); left out: the well-known ones. */
    ca: text.optional(),
    /** Address to listen on; left out: every one. */
    listenHost: text.optional(),
    /** Where clients connect; left out: the usual port of such a database. 0 takes any free port. */
    listen: z.int().min(0).max(65_535).optional(),
    /** Clients at most, all together. */
    connections: z.int().min(1).max(10_000).default(500),
    /** For the database to take a connection, and for TLS to begin. */
    connectSeconds: seconds(5),
    /** For a client to log in. */
    loginSeconds: seconds(20),
    /** For one direction to end when the other has. */
    closeSeconds: seconds(30),
    /** For clients to go when the relay is told to stop. */
    drainSeconds: seconds(5),
  })
  .transform(({ ca, listen, listenHost, ...rest }) => ({
    ...rest,
    listen: listen ?? DATABASES[rest.connector].port,
    ...(ca !== undefined && { ca }),
    ...(listenHost !== undefined && { listenHost }),
  }));

/** Everything that the relay is told at its start. */
export type RelaySettings = z.output<typeof settingsSchema>;

/** Where the configuration is, unless `RELAY_CONFIG_PATH` says so. */
const DEFAULT_PATH = '/run/clusterkit/relay.yml';

/** @throws KitError `configuration-…` (exit 2) with all problems, and nothing of what is secret */
export const readSettings = (env: NodeJS.ProcessEnv, readFile: ReadFile): RelaySettings =>
  loadConfiguration(env.RELAY_CONFIG_PATH || DEFAULT_PATH, settingsSchema, readFile);
