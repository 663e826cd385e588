import { CONFIG_FILES, objectName } from '../lib/cluster-names.js';
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
import type { StageInput } from '../lib/stage-input.js';
import { serverConfiguration } from './server-configuration.js';

/** The cluster has its secrets, and its containers will find theirs. */
export async function configure(input: StageInput<'configure'>): Promise<void> {
  await configureOn(await connectEngine(), input);
}

/** What is configured, and from which part of the stage inputs it follows. */
export type ConfigureProps = Pick<
  StageInput<'configure'>,
  'cluster' | 'project' | 'databaseImage' | 'startedImage' | 'keyDirectory' | 'auth' | 'connector'
> & { readonly heapMb?: number };

/**
 * As {@link configure}, on any engine. A database password that the key store lost is taken back from
 * the volume: the data opens with no other.
 */
export async function configureOn(engine: Engine, input: ConfigureProps) {
  const { cluster, project, databaseImage: image, keyDirectory, auth } = input;
  const volume = { cluster, project, image, volume: objectName(cluster, 'config') };
  const known = await readDatabasePassword(keyDirectory);
  const found = known ?? (await withCourier(engine, volume, readFiles))?.get(PASSWORD);
  const secrets = await ensureSecrets(keyDirectory, auth, found?.reveal() || undefined);
  const files = await filesOf(engine, input, secrets);
  return { secrets, files, outcome: await fillVolume(engine, volume, files) };
}

/**
 * Does the configuration that the containers see say what the key store says? `false` also when a
 * secret is missing there; `true` where there is no container yet.
 */
export async function isConfigured(engine: Engine, input: ConfigureProps): Promise<boolean> {
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
  input: ConfigureProps,
  secrets: ClusterSecrets,
): Promise<Readonly<Record<string, Secret>>> {
  const { connector, startedImage, heapMb } = input;
  const configuration = { ...serverConfiguration(connector, secrets), ...(heapMb && { heapMb }) };
  const command = startedImage ? await commandOf(engine, startedImage) : undefined;
  return configurationFiles(configuration, command);
}
