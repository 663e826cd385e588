import type { Secret } from '../../lib/secret.js';
import { endpointOf } from '../prisma-yml/parse-endpoint.js';
import type { Form } from '../prisma-yml/service.js';
import { FIRST_WITH_ENDPOINT, LAST_WITH_CLUSTER_FORM, LAST_WITH_REGISTRY } from './cli-version.js';

/** Input of {@link cliEnvironment}. */
export interface CliPurpose {
  /** Minor version of the CLI. */
  readonly minor: number;
  readonly form: Form;
  readonly cluster: { readonly name: string; readonly host: string; readonly secret: Secret };
  readonly auth: 'rsa' | 'secret';
  readonly service: string;
  readonly stage: string;
  /** Values for the variables in prisma.yml that choose the target. */
  readonly variables: Readonly<Record<string, string>>;
  /** The CLI reads the registry in use by default, and it has no session of the hosted cloud. */
  readonly registryIsPlain: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Variables of the `.env` file. The CLI reads it too, for variables that the environment lacks. */
  readonly dotEnv: Readonly<Record<string, string>>;
  /** Variables that prisma.yml uses. */
  readonly mentioned: readonly string[];
  /** prisma.yml runs programs (`hooks`, `seed`), which may need Docker. */
  readonly runsPrograms: boolean;
}

const MANAGEMENT_SECRET = 'PRISMA_MANAGEMENT_API_SECRET';
/** The variable that the private registry reads the key from. */
const KEY_VARIABLE = 'CLUSTERKIT_CLUSTER_KEY';
/** A closed port, instead of the hosts of the hosted cloud, which no longer exist. */
const NOWHERE = 'http://127.0.0.1:9';
/** A Docker socket that does not exist. */
const NO_ENGINE = 'unix:///nowhere/docker.sock';

/**
 * The changes to the environment with which a CLI of this version deploys to this cluster
 * (docs/decisions/cli-environment.md).
 */
export function cliEnvironment(purpose: CliPurpose) {
  const { minor, form, cluster, auth, env, dotEnv } = purpose;
  /** An empty value overrides the one of `.env`. */
  const without = (name: string) => (name in dotEnv ? '' : undefined);
  const changes: Record<string, string | undefined> = {
    NO_UPDATE_NOTIFIER: '1',
    STATS_ENDPOINT: env.STATS_ENDPOINT ?? NOWHERE,
    CLOUD_API_ENDPOINT: env.CLOUD_API_ENDPOINT ?? NOWHERE,
    PRISMA_CLOUD_SESSION_KEY: without('PRISMA_CLOUD_SESSION_KEY'),
    ...mentionedOf(purpose),
    ...purpose.variables,
    [MANAGEMENT_SECRET]: auth === 'secret' ? cluster.secret.reveal() : without(MANAGEMENT_SECRET),
    ...noProxy(cluster.host, env),
  };
  const needsEndpoint =
    form === 'bare' ||
    (form === 'cluster' && minor > LAST_WITH_REGISTRY && minor <= LAST_WITH_CLUSTER_FORM);
  if (needsEndpoint) {
    const endpoint = endpointOf(cluster.host, purpose.service, purpose.stage);
    changes.PRISMA_MANAGEMENT_API_ENDPOINT = endpoint;
  }
  if (minor > LAST_WITH_REGISTRY) {
    return { changes, registry: purpose.registryIsPlain ? undefined : 'clusters: {}\n' };
  }
  // When the server goes offline, they start one of their own and add it to the registry.
  if (!purpose.runsPrograms) changes.DOCKER_HOST = NO_ENGINE;
  // With NODE_ENV=test the CLI uses an empty directory as its HOME.
  if (env.NODE_ENV === 'test') changes.NODE_ENV = undefined;
  if (purpose.registryIsPlain && form === 'cluster') return { changes, registry: undefined };
  if (auth === 'rsa') changes[KEY_VARIABLE] = cluster.secret.reveal();
  return { changes, registry: registryOfOne(purpose) };
}

/** A registry with one entry. JSON is valid YAML; the CLIs replace `${env:…}` in it. */
function registryOfOne({ form, cluster, auth, minor }: CliPurpose): string {
  const name =
    form === 'cluster' || minor < FIRST_WITH_ENDPOINT ? cluster.name : nameOf(cluster.host);
  const key = auth === 'rsa' ? { clusterSecret: `\${env:${KEY_VARIABLE}}` } : {};
  return `${JSON.stringify({ clusters: { [name]: { host: cluster.host, ...key } } }, null, 2)}\n`;
}

/** The name by which CLIs 1.7 and 1.8 find the host of an endpoint. */
const nameOf = (host: string): string =>
  /localhost|127\.0\.0\.1/.test(host) ? 'local' : 'default';

/** Variables of `.env` that prisma.yml uses, because the CLI may read another `.env`. */
const mentionedOf = ({ mentioned, env, dotEnv }: CliPurpose): Record<string, string | undefined> =>
  Object.fromEntries(
    mentioned.flatMap((name) =>
      env[name] === undefined && name in dotEnv ? [[name, dotEnv[name]]] : [],
    ),
  );

/** Keeps requests to this machine away from a proxy, where they would fail. */
function noProxy(host: string, env: CliPurpose['env']): Record<string, string> {
  const proxied = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'].some(
    (name) => env[name],
  );
  if (!proxied || !/^https?:\/\/(localhost|127\.)/.test(host)) return {};
  const known = env.NO_PROXY ?? env.no_proxy;
  return { NO_PROXY: [...(known ? [known] : []), 'localhost', '127.0.0.1'].join(',') };
}
