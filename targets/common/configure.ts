import { randomBytes } from 'node:crypto';
import type { DatabaseLogin } from '../../clients/database/database-login.js';
import type { Engine } from '../../clients/docker/connect.js';
import { commandOf } from '../../clients/docker/find-image.js';
import { configurationFiles } from '../../cluster/configuration/configuration-files.js';
import { withCourier } from '../../cluster/configuration/courier.js';
import { fillVolume } from '../../cluster/configuration/fill-volume.js';
import { readFiles } from '../../cluster/configuration/read-files.js';
import { renderRelay } from '../../cluster/configuration/render-relay.js';
import { relayMemory } from '../../cluster/containers/relay-memory.js';
import {
  type ClusterSecrets,
  ensureSecrets,
  keepDatabasePassword,
  readDatabasePassword,
  secretsToBe,
} from '../../cluster/keys/key-store.js';
import { CONFIG_FILES, type ContainerRole, objectName } from '../../cluster/names.js';
import { Secret } from '../../lib/secret.js';
import { requireGeneration } from '../../prisma/generation.js';
import { derivedSecret } from '../../prisma/tokens/derived-secret.js';
import { gatewayConfiguration } from './gateway-configuration.js';
import { type Knowledge, serverConfiguration } from './server-configuration.js';
import type { CommonFacts } from './stages/facts.js';
import { keepPinned, type TlsFacts, tlsFiles } from './tls-configuration.js';

/** The stage inputs that determine a cluster's configuration. */
export type ConfigureProps = Pick<
  CommonFacts,
  | 'cluster'
  | 'project'
  | 'databaseImage'
  | 'startedImage'
  | 'keyDirectory'
  | 'auth'
  | 'derivedSecret'
  | 'connector'
  | 'version'
  | 'gateway'
  | 'use'
> &
  Partial<TlsFacts> & {
    /** Login to an external or managed database. @default - the database is a container of the cluster */
    readonly login?: DatabaseLogin | undefined;
    /** Addresses of the cluster's own proxies. @default - none */
    readonly trustedProxies?: readonly string[];
  };

/**
 * Creates the secrets of a cluster and fills its configuration volume on an engine. A database password
 * missing in the key store is read back from the volume, because the data needs it. So are secrets that
 * are stored nowhere else.
 */
export async function configure(engine: Engine, input: ConfigureProps) {
  const { cluster, project, databaseImage: image, keyDirectory, auth, login } = input;
  const volume = { cluster, project, image, volume: objectName(cluster, 'config') };
  if (login !== undefined) await keepDatabasePassword(keyDirectory, login.password);
  const known = login?.password ?? (await readDatabasePassword(keyDirectory));
  const isNeeded = known === undefined || hasServerSecret(input) || input.tls?.kind === 'pinned';
  const found = isNeeded ? await withCourier(engine, volume, readFiles) : undefined;
  const password = known ?? found?.get(CONFIG_FILES.databasePassword);
  const secrets = await ensureSecrets(keyDirectory, auth, password?.reveal() || undefined);
  const serverSecret = hasServerSecret(input)
    ? (found?.get(CONFIG_FILES.serverSecret) ?? newServerSecret())
    : undefined;
  const files = {
    ...(await filesOf(engine, input, { secrets, login, serverSecret })),
    ...(input.port === undefined ? {} : await tlsFiles({ ...input, port: input.port }, found)),
  };
  const outcome = await fillVolume(engine, volume, files);
  await keepPinned(keyDirectory, files);
  return { secrets, files, outcome };
}

/** The containers that read a file; the password of the database is in the server's own file as well. */
const READERS: Readonly<Record<string, ContainerRole>> = {
  [CONFIG_FILES.databasePassword]: 'database',
  [CONFIG_FILES.relay]: 'database',
  [CONFIG_FILES.gateway]: 'gateway',
};

/**
 * The containers whose configuration does not match the key store. Of a secret that is missing there, those that
 * read it, as a new one will be made; none when there is no container yet.
 */
export async function staleRoles(
  engine: Engine,
  { secrets, ...input }: ConfigureProps & { readonly secrets: ClusterSecrets | undefined },
): Promise<ReadonlySet<ContainerRole>> {
  const seen = async (role: 'server' | 'database') =>
    readFiles(engine.getContainer(objectName(input.cluster, role)));
  const files = (await seen('server')) ?? (await seen('database'));
  if (files === undefined) return new Set();
  const { keyDirectory, auth, login } = input;
  const password = login?.password ?? files.get(CONFIG_FILES.databasePassword);
  const expected = await filesOf(engine, input, {
    secrets: secrets ?? (await secretsToBe(keyDirectory, auth, password?.reveal() || undefined)),
    login,
    serverSecret: hasServerSecret(input)
      ? (files.get(CONFIG_FILES.serverSecret) ?? newServerSecret())
      : undefined,
  });
  const differing = Object.entries(expected).filter(
    ([name, content]) => files.get(name)?.reveal() !== content.reveal(),
  );
  return new Set(differing.map(([name]) => READERS[name] ?? 'server'));
}

/** The server does not support the clients' key pair: the gateway signs with a secret instead. */
const hasServerSecret = ({ gateway, auth, version }: ConfigureProps) =>
  gateway !== undefined && auth === 'rsa' && requireGeneration(version) === 'C';

const newServerSecret = () => new Secret(randomBytes(32).toString('base64url'));

async function filesOf(
  engine: Engine,
  input: ConfigureProps,
  given: Omit<Knowledge, 'derivedSecret'>,
): Promise<Readonly<Record<string, Secret>>> {
  const { connector, startedImage, gateway, trustedProxies } = input;
  const { login, serverSecret, secrets } = given;
  const knowledge = {
    ...given,
    derivedSecret: input.derivedSecret ? derivedSecret(secrets.clusterSecret) : undefined,
  };
  const { connections, ...use } = input.use ?? {};
  const configuration = serverConfiguration(connector, knowledge, use);
  const command = startedImage ? await commandOf(engine, startedImage) : undefined;
  const facts = { gateway, connector, version: input.version, trustedProxies };
  return {
    ...configurationFiles(configuration, command),
    ...(login && {
      [CONFIG_FILES.relay]: renderRelay(login, connections && relayMemory(connections).connections),
    }),
    ...(serverSecret && { [CONFIG_FILES.serverSecret]: serverSecret }),
    ...(gateway && {
      [CONFIG_FILES.gateway]: gatewayConfiguration({ ...facts, gateway }, knowledge),
    }),
  };
}
