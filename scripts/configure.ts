import { CONFIG_FILES, DATABASE, objectName, SERVER_PORT } from '../lib/cluster-names.js';
import { connectEngine } from '../lib/engine/connect.js';
import { fillVolume } from '../lib/engine/fill-volume.js';
import { ensureSecrets } from '../lib/keys/key-store.js';
import { renderConfiguration } from '../lib/server/render-configuration.js';
import type { StageInput } from '../lib/stage-input.js';

/** The cluster has its key pair and password, and its containers will find theirs. */
export async function configure(input: StageInput<'configure'>): Promise<void> {
  const { keys, databasePassword } = await ensureSecrets(input.keyDirectory);
  await fillVolume(await connectEngine(), {
    cluster: input.cluster,
    project: input.project,
    volume: objectName(input.cluster, 'config'),
    image: input.databaseImage,
    files: {
      [CONFIG_FILES.databasePassword]: databasePassword,
      [CONFIG_FILES.server]: renderConfiguration({
        port: SERVER_PORT,
        publicKey: keys.publicKey,
        database: {
          host: DATABASE.host,
          port: DATABASE.port,
          user: DATABASE.user,
          database: DATABASE.name,
          password: databasePassword,
        },
      }),
    },
  });
}
