import { parseDocument } from 'yaml';
import { z } from 'zod';
import { usageError } from '../../lib/errors.js';
import { Secret } from '../../lib/secret.js';
import type { ServerSettings } from './settings.js';

const port = z.coerce.number().int().min(0).max(65535);
const text = z.union([z.string(), z.number()]).transform(String);
const optionalText = text.nullish().transform((value) => value?.trim() || undefined);

const database = z.object({
  connector: z.enum(['postgres']),
  host: text,
  port: port.default(5432),
  user: text,
  password: text.nullish().transform((value) => new Secret(value ?? '')),
  database: text.default('prisma'),
  connectionLimit: z.coerce.number().int().min(1).default(10),
  ssl: z.boolean().default(false),
});

const settings = z.object({
  port: port.default(4466),
  generation: z.enum(['A', 'B', 'C']).default('B'),
  managementApiSecret: optionalText,
  legacySecret: optionalText,
  databases: z.object({ default: database }),
});

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
  if (env.PRISMA_CONFIG) return parseSettings('PRISMA_CONFIG', fromYaml(env.PRISMA_CONFIG));
  if (path) return parseSettings(path, fromYaml(readConfigFile(path, readFile)));
  if (env.SQL_CLIENT_HOST) return parseSettings('environment', fromVariables(env));
  throw usageError('configuration-missing', {
    message: 'neither PRISMA_CONFIG, PRISMA_CONFIG_PATH nor SQL_CLIENT_HOST is set',
    hint: 'Put the server configuration into a file and name it in PRISMA_CONFIG_PATH.',
  });
}

function readConfigFile(path: string, readFile: (path: string) => string): string {
  try {
    return readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw usageError(
      'configuration-unreadable',
      { path, message: `cannot be read: ${code}` },
      cause,
    );
  }
}

function fromYaml(source: string): unknown {
  const document = parseDocument(source, { version: '1.1', prettyErrors: false });
  const [error] = document.errors;
  // The parser's words may quote the source, which holds secrets: only the code and place are told.
  if (error !== undefined) {
    const message = `not valid YAML: ${error.code} at character ${error.pos[0]}`;
    throw usageError('configuration-malformed', { message });
  }
  return document.toJS();
}

function fromVariables(env: NodeJS.ProcessEnv): unknown {
  return {
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
  };
}

function parseSettings(source: string, input: unknown): ServerSettings {
  const result = settings.safeParse(input ?? {});
  if (!result.success) {
    throw usageError(
      'configuration-invalid',
      result.error.issues.map((issue) => ({
        path: [source, ...issue.path].join('.'),
        message: issue.message,
      })),
    );
  }
  const { generation, managementApiSecret, legacySecret, databases, port } = result.data;
  return {
    port,
    generation,
    managementApiSecret:
      managementApiSecret === undefined ? undefined : new Secret(managementApiSecret),
    // From 1.27 on upstream ignores the key, and so stays open: faithful, and warned about at start.
    publicKey: generation === 'C' ? undefined : legacySecret,
    database: databases.default,
  };
}
