import { CONFIG_FILES, objectName, SERVER_PORT } from '../lib/cluster-names.js';
import { DATABASE_HOST, DATABASES } from '../lib/databases.js';
import { connectEngine, type Engine } from '../lib/engine/connect.js';
import { withCourier } from '../lib/engine/courier.js';
import { fillVolume } from '../lib/engine/fill-volume.js';
import { commandOf } from '../lib/engine/find-image.js';
import { readFiles } from '../lib/engine/read-files.js';
import {
  type ClusterSecrets,
  ensureSecrets,
  readDatabasePassword,
  readSecrets,
} from '../lib/keys/key-store.js';
import type { Secret } from '../lib/secret.js';
import { configurationFiles } from '../lib/server/configuration-files.js';
import type { ServerAccess } from '../lib/server/server-configuration.js';
import type { StageInput } from '../lib/stage-input.js';

/**
 * The cluster has its secrets, and its containers will find theirs. A database password that the key
 * store lost is taken back from the volume: the data opens with no other.
 */
export async function configure(input: StageInput<'configure'>): Promise<void> {
  const { cluster, project, databaseImage: image, keyDirectory, auth } = input;
  const engine = await connectEngine();
  const volume = { cluster, project, image, volume: objectName(cluster, 'config') };
  const known = await readDatabasePassword(keyDirectory);
  const found = known ?? (await withCourier(engine, volume, readFiles))?.get(PASSWORD);
  const password = found?.reveal() || undefined;
  const secrets = await ensureSecrets(keyDirectory, auth, password);
  await fillVolume(engine, volume, await filesOf(engine, input, secrets));
}

/**
 * Does the configuration that the containers see say what the key store says? `false` also when a
 * secret is missing there; `true` where there is no container yet.
 */
export async function isConfigured(
  engine: Engine,
  input: StageInput<'configure'>,
): Promise<boolean> {
  const seen = async (role: 'server' | 'database') =>
    readFiles(engine.getContainer(objectName(input.cluster, role)));
  const files = (await seen('server')) ?? (await seen('database'));
  if (files === undefined) return true;
  const secrets = await readSecrets(input.keyDirectory, input.auth);
  if (secrets === undefined) return false;
  const expected = await filesOf(engine, input, secrets);
  return Object.entries(expected).every(
    ([name, content]) => files.get(name)?.reveal() === content.reveal(),
  );
}

const PASSWORD = CONFIG_FILES.databasePassword;

async function filesOf(
  engine: Engine,
  input: StageInput<'configure'>,
  secrets: ClusterSecrets,
): Promise<Readonly<Record<string, Secret>>> {
  const { port, user } = DATABASES[input.connector];
  const configuration = {
    port: SERVER_PORT,
    access: accessOf(secrets),
    database: {
      connector: input.connector,
      host: DATABASE_HOST,
      port,
      user,
      password: secrets.databasePassword,
    },
  };
  const command = input.startedImage ? await commandOf(engine, input.startedImage) : undefined;
  return configurationFiles(configuration, command);
}

/** Without a public half the secret is a shared one. */
const accessOf = ({ clusterSecret, publicKey }: ClusterSecrets): ServerAccess =>
  publicKey === undefined ? { auth: 'secret', secret: clusterSecret } : { auth: 'rsa', publicKey };
