import { CONFIG_FILES, DATABASE, objectName, SERVER_PORT } from '../lib/cluster-names.js';
import { awaitDatabase } from '../lib/engine/await-database.js';
import { connectEngine } from '../lib/engine/connect.js';
import { logTail } from '../lib/engine/container-log.js';
import { fillVolume } from '../lib/engine/fill-volume.js';
import { whyStopped } from '../lib/engine/why-stopped.js';
import { newKeyPair } from '../lib/keys/key-pair.js';
import { ensureSecrets } from '../lib/keys/key-store.js';
import { awaitServer } from '../lib/probe/await-server.js';
import type { ServerVersion } from '../lib/probe/read-version.js';
import { requireClosed } from '../lib/probe/require-closed.js';
import { type WriteOutcome, writeEntry } from '../lib/registry/write-entry.js';
import { redact } from '../lib/secret.js';
import { renderConfiguration } from '../lib/server/render-configuration.js';
import type { StageInput } from '../lib/stage-input.js';
import { mintClusterToken } from '../lib/tokens/cluster-token.js';

/** Long enough for three requests, short enough to be worthless afterwards. */
const PROBE_TTL_SECONDS = 60;

/** Stage 1: the cluster has its key pair and password, and its containers will find theirs. */
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

/** Stage 2: the database answers a real query. */
export async function awaitDatabaseOf(
  input: StageInput<'await-database'>,
  signal?: AbortSignal,
): Promise<void> {
  const { databasePassword } = await ensureSecrets(input.keyDirectory);
  await awaitDatabase(await connectEngine(), {
    container: objectName(input.cluster, 'database'),
    secrets: [databasePassword],
    ...(signal && { signal }),
  });
}

/** What {@link register} found and did. */
export interface Registration {
  readonly server: ServerVersion;
  readonly entry: WriteOutcome;
}

/**
 * Stage 3: the server answers, lets nobody in but us, and only then stands in the registry.
 * Running it again is how a registration is repaired.
 */
export async function register(
  input: StageInput<'register'>,
  signal?: AbortSignal,
): Promise<Registration> {
  const { keys, databasePassword } = await ensureSecrets(input.keyDirectory);
  const engine = await connectEngine();
  const container = engine.getContainer(objectName(input.cluster, 'server'));
  const evidence = async () =>
    redact(await logTail(container), [keys.privateKey, databasePassword]);

  const server = await awaitServer({
    host: input.endpoint,
    whyHopeless: () => whyStopped(container),
    evidence,
    ...(signal && { signal }),
  });

  const now = new Date();
  const foreign = await newKeyPair();
  await requireClosed({
    host: input.endpoint,
    path: server.path,
    ownToken: await mintClusterToken({
      clusterSecret: keys.privateKey,
      ttlSeconds: PROBE_TTL_SECONDS,
      now,
    }),
    foreignToken: await mintClusterToken({
      clusterSecret: foreign.privateKey,
      ttlSeconds: PROBE_TTL_SECONDS,
      now,
    }),
    evidence,
    ...(signal && { signal }),
  });

  const entry = await writeEntry(
    input.registry,
    { name: input.cluster, host: input.endpoint, clusterSecret: keys.privateKey },
    { publicKey: keys.publicKey },
  );
  return { server, entry };
}
