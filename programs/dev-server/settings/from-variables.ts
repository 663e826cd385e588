import { usageError } from '../../../lib/errors.js';
import type { Generation } from '../../../prisma/generation.js';

/** Database of the own tables of servers that are configured by variables. */
const LEGACY_DATABASE = 'graphcool';

type ParseYaml = (source: string, yaml: string) => unknown;

/**
 * Reads settings from environment variables, which always means MySQL. Servers up to 1.6 use them
 * unchanged; later ones paste them into YAML, with all consequences for a key of several lines or a
 * password with a `#`.
 * @throws KitError when that is not YAML, or when the data would be on two servers
 */
export function fromVariables(
  env: NodeJS.ProcessEnv,
  generation: Generation | undefined,
  parseYaml: ParseYaml,
): unknown {
  const isA = generation === 'A';
  if (isA) requireOneServer(env);
  const value = isA ? (given: string | undefined) => given || undefined : pasted(parseYaml);
  return {
    // Servers up to 1.6 had another port.
    port: value(env.PORT) ?? (isA ? 9000 : undefined),
    managementApiSecret: isA ? undefined : value(env.PRISMA_MANAGEMENT_API_JWT_SECRET),
    legacySecret: generation === 'C' ? undefined : value(env.CLUSTER_PUBLIC_KEY),
    databases: {
      default: {
        connector: 'mysql',
        host: value(env.SQL_CLIENT_HOST),
        port: value(env.SQL_CLIENT_PORT),
        user: value(env.SQL_CLIENT_USER),
        password: value(env.SQL_CLIENT_PASSWORD),
        database: value(env.SQL_INTERNAL_DATABASE) ?? LEGACY_DATABASE,
        connectionLimit: value(env.SQL_CLIENT_CONNECTION_LIMIT),
      },
    },
  };
}

const pasted = (parseYaml: ParseYaml) => (given: string | undefined) => {
  const { value } = parseYaml('environment', `value: ${given ?? ''}\nend:`) as { value?: unknown };
  return value ?? undefined;
};

/**
 * Upstream can store its own tables and the data on two servers; this server has one connection.
 */
function requireOneServer(env: NodeJS.ProcessEnv): void {
  const problems = ['HOST', 'PORT', 'USER', 'PASSWORD'].flatMap((name) => {
    const [client, internal] = [env[`SQL_CLIENT_${name}`], env[`SQL_INTERNAL_${name}`]];
    if (!internal || internal === client) return [];
    const message = `is not the same as SQL_CLIENT_${name}: this server uses one database server`;
    return [{ path: `SQL_INTERNAL_${name}`, message }];
  });
  if (problems.length > 0) throw usageError('configuration-invalid', problems);
}
