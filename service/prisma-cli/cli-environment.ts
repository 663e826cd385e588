import type { Secret } from '../../lib/secret.js';
import { endpointOf } from '../prisma-yml/parse-endpoint.js';
import type { Form } from '../prisma-yml/service.js';
import { FIRST_WITH_ENDPOINT, LAST_WITH_CLUSTER_FORM, LAST_WITH_REGISTRY } from './cli-version.js';

/** What a CLI is started for. */
export interface CliPurpose {
  /** Minor version of the CLI. */
  readonly minor: number;
  readonly form: Form;
  readonly cluster: { readonly name: string; readonly host: string; readonly secret: Secret };
  readonly auth: 'rsa' | 'secret';
  readonly service: string;
  readonly stage: string;
  /** Variables that prisma.yml leaves open, with what they have to be. */
  readonly variables: Readonly<Record<string, string>>;
  /** The CLI would find the registry in use by itself, and nothing in it leads to the hosted cloud. */
  readonly registryIsPlain: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the `.env` file; the CLI reads it too, and takes from it what the environment lacks. */
  readonly dotEnv: Readonly<Record<string, string>>;
  /** Variables that prisma.yml mentions. */
  readonly mentioned: readonly string[];
  /** prisma.yml has programs run (`hooks`, `seed`), which may want the engine. */
  readonly runsPrograms: boolean;
}

/** What the CLI's environment has to be. */
export interface CliEnvironment {
  /** To set; `undefined`: to remove. */
  readonly changes: Readonly<Record<string, string | undefined>>;
  /** Text of a registry for a HOME of the CLI's own, without secrets; `undefined`: its HOME stays. */
  readonly registry: string | undefined;
}

const MANAGEMENT_SECRET = 'PRISMA_MANAGEMENT_API_SECRET';
/** Where the registry of the CLI's own HOME says that the key is. */
const KEY_VARIABLE = 'CLUSTERKIT_CLUSTER_KEY';
/** Nothing listens there: the hosts of the cloud and its statistics are gone, or somebody else's. */
const NOWHERE = 'http://127.0.0.1:9';
/** There is no engine. */
const NO_ENGINE = 'unix:///nowhere/docker.sock';

/**
 * The changes to the environment that let a CLI of this version deploy to this cluster: as few as it
 * needs, and no secret anywhere else (docs/decisions/cli-environment.md).
 */
export function cliEnvironment(purpose: CliPurpose): CliEnvironment {
  const { minor, form, cluster, auth, env, dotEnv } = purpose;
  /** An empty value keeps the CLI from taking the one of `.env`. */
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
  // Is the server gone all of a sudden, they boot one of their own, and write it into the registry.
  if (!purpose.runsPrograms) changes.DOCKER_HOST = NO_ENGINE;
  // Under test the CLI takes an empty directory for its HOME.
  if (env.NODE_ENV === 'test') changes.NODE_ENV = undefined;
  if (purpose.registryIsPlain && form === 'cluster') return { changes, registry: undefined };
  if (auth === 'rsa') changes[KEY_VARIABLE] = cluster.secret.reveal();
  return { changes, registry: registryOfOne(purpose) };
}

/** JSON is YAML. The CLIs replace `${env:…}` in it. */
function registryOfOne({ form, cluster, auth, minor }: CliPurpose): string {
  const name =
    form === 'cluster' || minor < FIRST_WITH_ENDPOINT ? cluster.name : nameOf(cluster.host);
  const key = auth === 'rsa' ? { clusterSecret: `\${env:${KEY_VARIABLE}}` } : {};
  return `${JSON.stringify({ clusters: { [name]: { host: cluster.host, ...key } } }, null, 2)}\n`;
}

/** The name under which CLIs 1.7 and 1.8 look for the host of an endpoint, whatever its real name. */
const nameOf = (host: string): string =>
  /localhost|127\.0\.0\.1/.test(host) ? 'local' : 'default';

/** The file's variables, so that it means the same to the CLI wherever that looks for `.env`. */
const mentionedOf = ({ mentioned, env, dotEnv }: CliPurpose): Record<string, string | undefined> =>
  Object.fromEntries(
    mentioned.flatMap((name) =>
      env[name] === undefined && name in dotEnv ? [[name, dotEnv[name]]] : [],
    ),
  );

/** A CLI that asks a proxy for this very machine takes the server for offline. */
function noProxy(host: string, env: CliPurpose['env']): Record<string, string> {
  const proxied = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'].some(
    (name) => env[name],
  );
  if (!proxied || !/^https?:\/\/(localhost|127\.)/.test(host)) return {};
  const known = env.NO_PROXY ?? env.no_proxy;
  return { NO_PROXY: [...(known ? [known] : []), 'localhost', '127.0.0.1'].join(',') };
}
