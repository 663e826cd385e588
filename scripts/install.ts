import { createHmac } from 'node:crypto';
import { clusterContainers, clusterGround } from '../lib/containers/cluster-containers.js';
import { memoryPlan } from '../lib/containers/memory-plan.js';
import { dataLayoutOf } from '../lib/data-layout.js';
import { awaitFirstBoot } from '../lib/droplet/await-first-boot.js';
import { markData } from '../lib/droplet/data-mark.js';
import { withEvidence } from '../lib/droplet/evidence.js';
import { mountVolume, VOLUME_DATA } from '../lib/droplet/mount-volume.js';
import { ON_DROPLET } from '../lib/droplet-places.js';
import { awaitDatabase } from '../lib/engine/await-database.js';
import type { Engine } from '../lib/engine/connect.js';
import { assertLayoutFits } from '../lib/engine/data-conflict.js';
import { ensureContainer, ensureNetwork, ensureVolume } from '../lib/engine/ensure-objects.js';
import type { RemoteShell } from '../lib/remote-shell.js';
import { retryUntil } from '../lib/retry-until.js';
import type { Secret } from '../lib/secret.js';
import { serverContainer } from '../lib/server/server-container.js';
import type { StageInput } from '../lib/stage-input.js';
import { configureOn } from './configure.js';
import { ensureImages } from './droplet-images.js';
import { contactDroplet, engineOf } from './open-droplet.js';
import { type OnStep, StepLog } from './step-log.js';

/** What each step found, in order: `already so` when there was nothing to do. */
export type InstallReport = Readonly<Record<string, string>>;

/**
 * From a droplet that has just booted to running containers, over one ssh connection. Each step looks
 * first how things stand, so that it can be cut anywhere and run again.
 *
 * @param onStep is told of every step as it ends, also of those that only wait
 * @throws KitError (exit 2 or 3) of the step that failed
 */
export async function install(
  input: StageInput<'install'>,
  signal?: AbortSignal,
  onStep?: OnStep,
): Promise<InstallReport> {
  const log = new StepLog(onStep);
  const onReached = () => log.done('ssh', 'answers');
  const { connection, hostKey } = await contactDroplet(input, signal, onReached);
  try {
    log.done('host key', hostKey);
    await awaitFirstBoot(connection, { signal });
    log.done('first boot', 'done');
    const volume =
      input.volume === '' ? 'none' : await mountVolume(connection, input.volume, signal);
    log.done('volume', volume);
    const layout = dataLayoutOf(input.version, input.connector);
    const disk = input.volume === '' ? ON_DROPLET.state : ON_DROPLET.data;
    assertLayoutFits(input.cluster, layout, await markData(connection, disk, layout, signal));
    const engine = await awaitEngine(connection, signal);
    log.done('engine', 'answers');
    return { 'host key': hostKey, volume, ...(await installOn(engine, input, log, signal)) };
  } finally {
    connection.close();
  }
}

async function installOn(
  engine: Engine,
  input: StageInput<'install'>,
  log: StepLog,
  signal?: AbortSignal,
): Promise<InstallReport> {
  const { cluster, project, connector, host } = input;
  const memory = memoryPlan(input.memoryMb);
  const wishes = [
    { reference: input.databaseImage, transport: input.databaseTransport },
    { reference: input.serverImage, transport: input.serverTransport },
  ] as const;
  const { images, bytes } = await ensureImages(engine, wishes, host, signal);
  const [databaseImage, serverImage] = images;
  if (databaseImage === undefined || serverImage === undefined) throw new Error('two were wished');
  const found = [...new Set(images.map(({ outcome }) => outcome))];
  log.done('images', found.join(' and '), bytes);

  const dataDirectory = input.volume === '' ? undefined : VOLUME_DATA;
  const ground = clusterGround({ cluster, project, dataDirectory });
  const network = await ensureNetwork(engine, ground.network);
  for (const volume of ground.volumes) await ensureVolume(engine, volume);
  const configured = await configureOn(engine, { ...input, heapMb: memory.serverHeap });
  const { secrets, files } = configured;
  log.done('configuration', configured.outcome);
  const parts = clusterContainers({
    cluster,
    project,
    images: { server: serverImage.id, database: databaseImage.id },
    connector,
    start: serverContainer({ image: input.serverImage, version: input.version }),
    publish: { ip: '0.0.0.0', port: input.port },
    memory,
    configurationDigest: digestOf(files, secrets.databasePassword),
  });
  const database = await ensureContainer(engine, parts.database);
  await awaitDatabase(engine, {
    container: parts.database.name,
    connector,
    secrets: [secrets.databasePassword],
    ...(signal && { signal }),
  });
  log.done('database', database);
  const server = await ensureContainer(engine, parts.server);
  log.done('server', server);
  return {
    'database image': databaseImage.outcome,
    'server image': serverImage.outcome,
    network,
    configuration: configured.outcome,
    database,
    server,
  };
}

/** It may start a moment after the end of the first boot. */
async function awaitEngine(
  connection: Parameters<typeof engineOf>[0] & RemoteShell,
  signal?: AbortSignal,
): Promise<Engine> {
  try {
    return await retryUntil(() => engineOf(connection, 5000), { timeoutMs: 30_000, signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw await withEvidence(error, connection, [
      ...['journalctl', '--unit', 'docker', '--lines', '20', '--no-pager'],
    ]);
  }
}

/** Of what is secret, and stands in a label: so nobody can try what the text may be. */
function digestOf(files: Readonly<Record<string, Secret>>, key: Secret): string {
  const contents = Object.entries(files).map(([name, content]) => [name, content.reveal()]);
  return createHmac('sha256', key.reveal()).update(JSON.stringify(contents)).digest('hex');
}
