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

const settingsSchema = z.object({
  /** 0 takes any free port. */
  port: port.default(4466),
  /** Which generation of servers to behave like. */
  generation: z.enum(['A', 'B', 'C']).default('B'),
  /** HS256 secret of cluster tokens; wins over `legacySecret`. */
  managementApiSecret: secret,
  /** SPKI PEM that RS256 cluster tokens are checked against; generation C ignores it. */
  legacySecret: text.nullish().transform((value) => value?.trim() || undefined),
  databases: z.object({ default: databaseSchema }),
});

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
  const { PRISMA_CONFIG: inline, PRISMA_CONFIG_PATH: path } = env;
  const source = inline ? 'PRISMA_CONFIG' : path || 'environment';
  const yaml = inline || (path && readConfigFile(path, readFile));
  const result = settingsSchema.safeParse(yaml ? parseYaml(source, yaml) : fromVariables(env));
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path: keys, message }) => {
    return { path: [source, ...keys].join('.'), message };
  });
  throw usageError('configuration-invalid', problems);
}

function readConfigFile(path: string, readFile: (path: string) => string): string {
  try {
    return readFile(path);
  } catch (cause) {
    const message = `cannot be read: ${(cause as NodeJS.ErrnoException).code}`;
    throw usageError('configuration-unreadable', { path, message }, cause);
  }
}

function parseYaml(path: string, yaml: string): unknown {
  const document = parseDocument(yaml, { version: '1.1', prettyErrors: false });
  const [error] = document.errors;
  if (error === undefined) return document.toJS() ?? {};
  // The parser's words may quote the source, which holds secrets: only code and place are told.
  const message = `not valid YAML: ${error.code} at character ${error.pos[0]}`;
  throw usageError('configuration-malformed', { path, message });
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
