import { objectName, SERVER_PORT } from '../lib/cluster-names.js';
import { DATABASE_HOST, DATABASES } from '../lib/databases.js';
import { connectEngine } from '../lib/engine/connect.js';
import { fillVolume } from '../lib/engine/fill-volume.js';
import { commandOf } from '../lib/engine/find-image.js';
import { type ClusterSecrets, ensureSecrets } from '../lib/keys/key-store.js';
import { configurationFiles } from '../lib/server/configuration-files.js';
import type { ServerAccess } from '../lib/server/server-configuration.js';
import type { StageInput } from '../lib/stage-input.js';

/** The cluster has its secrets, and its containers will find theirs. */
export async function configure(input: StageInput<'configure'>): Promise<void> {
  const secrets = await ensureSecrets(input.keyDirectory, input.auth);
  const engine = await connectEngine();
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
  await fillVolume(engine, {
    cluster: input.cluster,
    project: input.project,
    volume: objectName(input.cluster, 'config'),
    image: input.databaseImage,
    files: configurationFiles(configuration, command),
  });
}

/** Without a public half the secret is a shared one. */
const accessOf = ({ clusterSecret, publicKey }: ClusterSecrets): ServerAccess =>
  publicKey === undefined ? { auth: 'secret', secret: clusterSecret } : { auth: 'rsa', publicKey };
