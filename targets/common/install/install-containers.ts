import { createHmac } from 'node:crypto';
import type { DatabaseLogin } from '../../../clients/database/database-login.js';
import type { Engine } from '../../../clients/docker/connect.js';
import { networkSubnets } from '../../../clients/docker/network-subnets.js';
import { RELAY_CONTAINER } from '../../../cluster/configuration/relay-container.js';
import { serverContainer } from '../../../cluster/configuration/server-container.js';
import { describeContainers } from '../../../cluster/containers/describe-containers.js';
import { engineOptions } from '../../../cluster/containers/engine-options.js';
import { memoryPlan } from '../../../cluster/containers/memory-plan.js';
import { networkAndVolumes } from '../../../cluster/containers/network-and-volumes.js';
import { CONFIG_FILES, type ContainerRole } from '../../../cluster/names.js';
import { awaitDatabase } from '../../../cluster/objects/await-database.js';
import { ensureNetwork, ensureVolume } from '../../../cluster/objects/ensure-objects.js';
import { ensurePublished } from '../../../cluster/objects/ensure-published.js';
import { removeOtherParts } from '../../../cluster/objects/remove-other-parts.js';
import type { Secret } from '../../../lib/secret.js';
import { configure } from '../configure.js';
import type { CommonFacts } from '../stages/facts.js';
import type { StepLog } from '../step-log.js';
import { FOR_PROXY } from '../tls-configuration.js';
import { ensureImages, type NeededImage } from './ensure-images.js';
import type { InstallFacts } from './install-facts.js';

/** Input of an install. */
export type InstallInput = Omit<CommonFacts, 'registry' | 'stateFile' | 'attempt' | 'target'> &
  InstallFacts & {
    /** Memory of the machine in MB. */
    readonly memoryMb: number;
    /** Name or address of the machine, for messages. */
    readonly host: string;
    readonly address?: string | undefined;
  };

/** Outcome of each step, in order: `already so` when there was nothing to do. */
export type InstallReport = Readonly<Record<string, string>>;

/** Ensures images, network, volumes, configuration and containers of a cluster on a machine's engine. */
export async function installOn(
  engine: Engine,
  input: InstallInput,
  log: StepLog,
  surroundings: {
    /** Login to an external or managed database. @default - the database is a container of the cluster */
    readonly login?: DatabaseLogin | undefined;
    /** Directory of the machine for the data. @default - a volume of the engine's own */
    readonly dataDirectory?: string | undefined;
    /** Finds this machine's engine, and the login to registries. */
    readonly env: NodeJS.ProcessEnv;
    /** Restarts the engine, and waits until it answers again. */
    readonly restartEngine: () => Promise<void>;
  },
  signal?: AbortSignal,
): Promise<InstallReport> {
  const { cluster, project, connector, host, serverMemoryMb, databaseMemoryMb } = input;
  const connections = input.use?.connections;
  const { login, restartEngine, dataDirectory, env } = surroundings;
  const isRelayed = login !== undefined;
  const memory = memoryPlan(input.memoryMb, {
    hasGateway: input.gateway !== undefined,
    hasProxy: input.tls !== undefined,
    isRelayed,
    connections,
    appsMb: input.apps?.memoryMb,
    custom: {
      ...(serverMemoryMb !== undefined && { server: serverMemoryMb }),
      ...(databaseMemoryMb !== undefined && { database: databaseMemoryMb }),
    },
  });
  const { images, bytes } = await ensureImages(engine, imagesFor(input), host, env, signal);
  const [databaseImage, serverImage, gatewayImage, proxyImage] = images;
  if (databaseImage === undefined || serverImage === undefined)
    throw new Error('server and database images are required');
  const found = [...new Set(images.map(({ outcome }) => outcome))];
  log.done('images', found.join(' and '), bytes);

  const certificates = input.tls?.kind === 'acme';
  const needed = networkAndVolumes({ cluster, project, dataDirectory, isRelayed, certificates });
  const network = await ensureNetwork(engine, needed.network);
  for (const volume of needed.volumes) await ensureVolume(engine, volume);
  const isInside = input.tls !== undefined || input.apps !== undefined;
  const subnets = isInside ? await networkSubnets(engine, needed.network.Name) : [];
  const configured = await configure(engine, {
    ...{ ...input, gateway: gatewayFor(input, subnets), login },
    // With a proxy only it and applications reach the gateway: its port is not published.
    ...(input.tls && { trustedProxies: subnets }),
  });
  const { secrets, files } = configured;
  log.done('configuration', configured.outcome);
  const containers = describeContainers({
    cluster,
    project,
    images: {
      ...{ server: serverImage.id, database: databaseImage.id },
      ...{ gateway: gatewayImage?.id, proxy: proxyImage?.id },
    },
    certificates,
    connector,
    isRelayed,
    start: serverContainer({ image: input.serverImage, version: input.version }),
    publish: { ip: '0.0.0.0', port: input.port },
    memory,
    connections,
    javaOptions: input.javaOptions,
  });
  const roles = containers.map(({ role }) => role);
  await removeOtherParts(engine, cluster, roles);
  const digests = digestsOf(files, secrets.databasePassword);
  const outcomes: Record<string, string> = {};
  for (const container of containers) {
    const { role, name } = container;
    const options = engineOptions(container, digests[role]);
    const outcome = await ensurePublished(engine, options, restartEngine);
    if (role === 'database') {
      await awaitDatabase(engine, {
        container: name,
        connector,
        ...(isRelayed && { query: RELAY_CONTAINER.query }),
        secrets: [secrets.databasePassword],
        ...(signal && { signal }),
      });
    }
    log.done(role, outcome);
    outcomes[role] = outcome;
  }
  return {
    'database image': databaseImage.outcome,
    'server image': serverImage.outcome,
    ...(gatewayImage && { 'gateway image': gatewayImage.outcome }),
    ...(proxyImage && { 'proxy image': proxyImage.outcome }),
    network,
    configuration: configured.outcome,
    ...outcomes,
  };
}

/** Applications use services from inside of the network; of the management API they are no clients. */
function gatewayFor(
  { gateway, apps }: Pick<InstallInput, 'gateway' | 'apps'>,
  subnets: readonly string[],
): InstallInput['gateway'] {
  if (gateway?.sources === undefined || apps === undefined) return gateway;
  const { management, data } = gateway.sources;
  return { ...gateway, sources: { management, data: [...data, ...subnets] } };
}

/** The images of database, server, gateway and proxy, in this order. */
function imagesFor(input: InstallInput): NeededImage[] {
  const { gatewayImage, gatewayTransport = 'push', proxyImage, proxyTransport = 'push' } = input;
  return [
    { reference: input.databaseImage, transport: input.databaseTransport },
    { reference: input.serverImage, transport: input.serverTransport },
    ...(gatewayImage === undefined
      ? []
      : [{ reference: gatewayImage, transport: gatewayTransport }]),
    ...(proxyImage === undefined ? [] : [{ reference: proxyImage, transport: proxyTransport }]),
  ];
}

/** Files for the gateway only: a change replaces the gateway and no other container. */
const FOR_GATEWAY: readonly string[] = [CONFIG_FILES.gateway];

/** Digest of the files that each role reads from the configuration volume. */
function digestsOf(files: Files, key: Secret): Readonly<Record<ContainerRole, string>> {
  const rest = digestOf(omit(files, [...FOR_GATEWAY, ...FOR_PROXY]), key);
  return {
    ...{ database: rest, server: rest },
    gateway: digestOf(pick(files, FOR_GATEWAY), key),
    proxy: digestOf(pick(files, FOR_PROXY), key),
  };
}

type Files = Readonly<Record<string, Secret>>;
const pick = (files: Files, names: readonly string[]): Files =>
  Object.fromEntries(Object.entries(files).filter(([name]) => names.includes(name)));
const omit = (files: Files, names: readonly string[]): Files =>
  Object.fromEntries(Object.entries(files).filter(([name]) => !names.includes(name)));

/** Keyed digest, because the files have secrets and labels are readable: prevents guessing. */
function digestOf(files: Files, key: Secret): string {
  const contents = Object.entries(files).map(([name, content]) => [name, content.reveal()]);
  return createHmac('sha256', key.reveal()).update(JSON.stringify(contents)).digest('hex');
}
