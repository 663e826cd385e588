import { createHmac } from 'node:crypto';
import { CONFIG_FILES } from '../lib/cluster-names.js';
import { clusterContainers, clusterGround } from '../lib/containers/cluster-containers.js';
import { memoryPlan } from '../lib/containers/memory-plan.js';
import type { DatabaseLogin } from '../lib/database-login.js';
import { VOLUME_DATA } from '../lib/droplet/mount-volume.js';
import { awaitDatabase } from '../lib/engine/await-database.js';
import type { Engine } from '../lib/engine/connect.js';
import { ensureContainer, ensureNetwork, ensureVolume } from '../lib/engine/ensure-objects.js';
import { removeOtherParts } from '../lib/engine/remove-other-parts.js';
import { RELAY_CONTAINER } from '../lib/relay/relay-container.js';
import type { Secret } from '../lib/secret.js';
import { serverContainer } from '../lib/server/server-container.js';
import type { StageInput } from '../lib/stage-input.js';
import { configureOn } from './configure.js';
import { ensureImages, type ImageWish } from './droplet-images.js';
import type { StepLog } from './step-log.js';

/** What each step found, in order: `already so` when there was nothing to do. */
export type InstallReport = Readonly<Record<string, string>>;

/** What an install is told beside its input. */
export interface InstallSurroundings {
  /** To a database elsewhere. @default - the database is a container of the cluster */
  readonly login?: DatabaseLogin | undefined;
}

/** Images, ground, configuration and containers of a cluster, on the engine of its droplet. */
export async function installOn(
  engine: Engine,
  input: StageInput<'install'>,
  log: StepLog,
  surroundings: InstallSurroundings,
  signal?: AbortSignal,
): Promise<InstallReport> {
  const { cluster, project, connector, host } = input;
  const { login } = surroundings;
  const relay = login && RELAY_CONTAINER;
  const memory = memoryPlan(input.memoryMb, {
    hasGateway: input.gateway !== undefined,
    isRelayed: relay !== undefined,
  });
  const { images, bytes } = await ensureImages(engine, wishesOf(input), host, signal);
  const [databaseImage, serverImage, gatewayImage] = images;
  if (databaseImage === undefined || serverImage === undefined) throw new Error('two were wished');
  const found = [...new Set(images.map(({ outcome }) => outcome))];
  log.done('images', found.join(' and '), bytes);

  const dataDirectory = input.volume === '' ? undefined : VOLUME_DATA;
  const ground = clusterGround({ cluster, project, dataDirectory, relay });
  const network = await ensureNetwork(engine, ground.network);
  for (const volume of ground.volumes) await ensureVolume(engine, volume);
  const configured = await configureOn(engine, { ...input, login, heapMb: memory.serverHeap });
  const { secrets, files } = configured;
  log.done('configuration', configured.outcome);
  const parts = clusterContainers({
    cluster,
    project,
    images: { server: serverImage.id, database: databaseImage.id, gateway: gatewayImage?.id },
    connector,
    relay,
    start: serverContainer({ image: input.serverImage, version: input.version }),
    publish: { ip: '0.0.0.0', port: input.port },
    memory,
    configurationDigest: digestOf(omit(files, FOR_GATEWAY), secrets.databasePassword),
    gatewayDigest: digestOf(pick(files, FOR_GATEWAY), secrets.databasePassword),
  });
  await removeOtherParts(engine, cluster, Object.keys(parts));
  const database = await ensureContainer(engine, parts.database);
  await awaitDatabase(engine, {
    container: parts.database.name,
    connector,
    ...(relay && { query: relay.query }),
    secrets: [secrets.databasePassword],
    ...(signal && { signal }),
  });
  log.done('database', database);
  const server = await ensureContainer(engine, parts.server);
  log.done('server', server);
  const gateway = parts.gateway && (await ensureContainer(engine, parts.gateway));
  if (gateway !== undefined) log.done('gateway', gateway);
  return {
    'database image': databaseImage.outcome,
    'server image': serverImage.outcome,
    ...(gatewayImage && { 'gateway image': gatewayImage.outcome }),
    network,
    configuration: configured.outcome,
    database,
    server,
    ...(gateway && { gateway }),
  };
}

/** Database first, server, and what stands before it. */
function wishesOf(input: StageInput<'install'>): ImageWish[] {
  const { gatewayImage, gatewayTransport = 'push' } = input;
  return [
    { reference: input.databaseImage, transport: input.databaseTransport },
    { reference: input.serverImage, transport: input.serverTransport },
    ...(gatewayImage === undefined
      ? []
      : [{ reference: gatewayImage, transport: gatewayTransport }]),
  ];
}

/** What only the gateway reads: another one makes another gateway, and leaves the rest as it is. */
const FOR_GATEWAY: readonly string[] = [CONFIG_FILES.gateway];

type Files = Readonly<Record<string, Secret>>;
const pick = (files: Files, names: readonly string[]): Files =>
  Object.fromEntries(Object.entries(files).filter(([name]) => names.includes(name)));
const omit = (files: Files, names: readonly string[]): Files =>
  Object.fromEntries(Object.entries(files).filter(([name]) => !names.includes(name)));

/** Of what is secret, and stands in a label: so nobody can try what the text may be. */
function digestOf(files: Files, key: Secret): string {
  const contents = Object.entries(files).map(([name, content]) => [name, content.reveal()]);
  return createHmac('sha256', key.reveal()).update(JSON.stringify(contents)).digest('hex');
}
