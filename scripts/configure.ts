import { objectName } from '../lib/cluster-names.js';
import { connectEngine } from '../lib/engine/connect.js';
import { fillVolume } from '../lib/engine/fill-volume.js';
import { commandOf } from '../lib/engine/find-image.js';
import { ensureSecrets } from '../lib/keys/key-store.js';
import { configurationFiles } from '../lib/server/configuration-files.js';
import type { StageInput } from '../lib/stage-input.js';
import { serverConfiguration } from './server-configuration.js';

/** The cluster has its secrets, and its containers will find theirs. */
export async function configure(input: StageInput<'configure'>): Promise<void> {
  const secrets = await ensureSecrets(input.keyDirectory, input.auth);
  const engine = await connectEngine();
  const configuration = serverConfiguration(input.connector, secrets);
  const command = input.startedImage ? await commandOf(engine, input.startedImage) : undefined;
  await fillVolume(engine, {
    cluster: input.cluster,
    project: input.project,
    volume: objectName(input.cluster, 'config'),
    image: input.databaseImage,
    files: configurationFiles(configuration, command),
  });
}
