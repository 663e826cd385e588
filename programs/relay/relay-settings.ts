import { z } from 'zod';
import { RELAY_CONNECTIONS } from '../../cluster/configuration/relay-container.js';
import { DATABASES } from '../../cluster/databases.js';
import { Secret } from '../../lib/secret.js';
import { loadConfiguration, type ReadFile } from '../configuration-file.js';

const seconds = (fallback: number) => z.number().min(0.1).max(3_600).default(fallback);
const text = z.string().min(1);

/** Schema of the relay's configuration. Unknown keys are errors. */
export const settingsSchema = z
  .strictObject({
    connector: z.enum(['postgres', 'mysql']),
    host: text,
    port: z.int().min(1).max(65_535),
    user: text,
    password: text.transform((value) => new Secret(value)),
    database: text,
    ssl: z.enum(['verify-full', 'disable']),
    /** Authority of the certificate (PEM). @default - the well-known ones */
    ca: text.optional(),
    /** Address to listen on. @default - all */
    listenHost: text.optional(),
    /** Port for clients; 0 takes any free port. @default - the usual port of such a database */
    listen: z.int().min(0).max(65_535).optional(),
    /** Maximum number of clients. More need more memory: see `cluster/containers/memory-plan.ts`. */
    connections: z.int().min(1).max(10_000).default(RELAY_CONNECTIONS),
    /** Timeout for connecting to the database, TLS included. */
    connectSeconds: seconds(5),
    /** Timeout for a client's login. */
    loginSeconds: seconds(20),
    /** Timeout for one direction to end after the other has. */
    closeSeconds: seconds(30),
    /** How long clients may stay after the relay receives a stop signal. */
    drainSeconds: seconds(5),
  })
  .transform(({ ca, listen, listenHost, ...rest }) => ({
    ...rest,
    listen: listen ?? DATABASES[rest.connector].port,
    ...(ca !== undefined && { ca }),
    ...(listenHost !== undefined && { listenHost }),
  }));

/** The configuration of a relay. */
export type RelaySettings = z.output<typeof settingsSchema>;

/** Path of the configuration, unless `RELAY_CONFIG_PATH` is set. */
const DEFAULT_PATH = '/run/clusterkit/relay.yml';

/** @throws KitError `configuration-…` (exit 2) with all problems, without secrets */
export const readSettings = (env: NodeJS.ProcessEnv, readFile: ReadFile): RelaySettings =>
  loadConfiguration(env.RELAY_CONFIG_PATH || DEFAULT_PATH, settingsSchema, readFile);
