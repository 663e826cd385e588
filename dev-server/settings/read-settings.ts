import { parseDocument } from 'yaml';
import { z } from 'zod';
import { usageError } from '../../lib/errors.js';
import { Secret } from '../../lib/secret.js';

const port = z.coerce.number().int().min(0).max(65535);
const text = z.union([z.string(), z.number()]).transform(String);
const secret = text.nullish().transform((value) => (value ? new Secret(value) : undefined));

const databaseSchema = z.object({
  connector: z.enum(['postgres']),
  host: text,
  port: port.default(5432),
  user: text,
  password: secret,
  database: text.default('prisma'),
  /** Upper limit of open connections. */
  connectionLimit: z.coerce.number().int().min(1).default(10),
  /** TLS to the database, with its certificate checked. */
  ssl: z.boolean().default(false),
});

const settingsSchema = z
  .object({
    /** 0 takes any free port. */
    port: port.default(4466),
    /** Which generation of servers to behave like. */
    generation: z.enum(['A', 'B', 'C']).default('B'),
    /** HS256 secret of cluster tokens; wins over `legacySecret`. */
    managementApiSecret: secret,
    /** SPKI PEM that RS256 cluster tokens are checked against. */
    legacySecret: text.nullish().transform((value) => value?.trim() || undefined),
    databases: z.object({ default: databaseSchema }),
  })
  .transform(({ databases, legacySecret, ...rest }) => ({
    ...rest,
    database: databases.default,
    // From 1.27 on upstream ignores the key, and so stays open: faithful, and warned about at start.
    publicKey: rest.generation === 'C' ? undefined : legacySecret,
  }));

/** Where the data lives. */
export type DatabaseSettings = z.output<typeof databaseSchema>;

/** Everything the server is told at its start. */
export type ServerSettings = z.output<typeof settingsSchema>;

/**
 * Settings in the upstream forms: YAML in `PRISMA_CONFIG`, else the file named by
 * `PRISMA_CONFIG_PATH`, else the variables of servers up to 1.6 (`CLUSTER_PUBLIC_KEY`, `SQL_*`,
 * `PORT`; `CLUSTERKIT_GENERATION` is ours). Keys of upstream that mean nothing here are ignored.
 * @throws KitError with all problems
 */
export function readSettings(
  env: NodeJS.ProcessEnv,
  readFile: (path: string) => string,
): ServerSettings {
  const path = env.PRISMA_CONFIG_PATH;
  const source = env.PRISMA_CONFIG ? 'PRISMA_CONFIG' : (path ?? 'environment');
  const yaml = env.PRISMA_CONFIG || (path && readConfigFile(path, readFile));
  const result = settingsSchema.safeParse(yaml ? parseYaml(source, yaml) : fromVariables(env));
  if (result.success) return result.data;
  throw usageError(
    'configuration-invalid',
    result.error.issues.map(({ path: keys, message }) => ({
      path: [source, ...keys].join('.'),
      message,
    })),
  );
}

function readConfigFile(path: string, readFile: (path: string) => string): string {
  try {
    return readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw usageError('configuration-unreadable', { path, message: `cannot be read: ${code}` });
  }
}

function parseYaml(source: string, yaml: string): unknown {
  const document = parseDocument(yaml, { version: '1.1', prettyErrors: false });
  const [error] = document.errors;
  // The parser's words may quote the source, which holds secrets: only code and place are told.
  if (error !== undefined) {
    const message = `not valid YAML: ${error.code} at character ${error.pos[0]}`;
    throw usageError('configuration-malformed', { path: source, message });
  }
  return document.toJS() ?? {};
}

const fromVariables = (env: NodeJS.ProcessEnv) => ({
  port: env.PORT,
  generation: env.CLUSTERKIT_GENERATION,
  legacySecret: env.CLUSTER_PUBLIC_KEY,
  databases: {
    default: {
      connector: 'postgres',
      host: env.SQL_CLIENT_HOST,
      port: env.SQL_CLIENT_PORT,
      user: env.SQL_CLIENT_USER,
      password: env.SQL_CLIENT_PASSWORD,
      database: env.SQL_INTERNAL_DATABASE,
      connectionLimit: env.SQL_CLIENT_CONNECTION_LIMIT,
    },
  },
});
