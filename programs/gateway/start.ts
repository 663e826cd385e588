import { Server as NetServer } from 'node:net';
import { Pool } from 'undici-node18';
import { processClock } from '../clock.js';
import { drain } from '../drain.js';
import { listen } from '../listen.js';
import { type Log, reasonOf } from '../log.js';
import { AccessLog } from './access-log.js';
import { createAdminServer } from './admin-server.js';
import { BodyRoom } from './body/body-room.js';
import { createGateway } from './create-gateway.js';
import { Metrics } from './metrics.js';
import { RateLimit } from './rate-limit.js';
import { rememberedRoutes } from './route-of.js';
import { ServiceDirectory } from './services/service-directory.js';
import type { GatewaySettings } from './settings.js';
import { Sources } from './sources.js';
import { StorageGate } from './storage/storage-gate.js';
import { createTokenGate } from './token-gate.js';
import type { UsageSource } from './usage/usage-source.js';
import { openUsage, reportUsage } from './usage-report.js';

/** What a running gateway needs besides its settings. */
export interface Surroundings {
  /** The gateway's version, reported on answers of the management API. */
  readonly version: string;
  readonly now: () => Date;
  readonly log: Log;
  /** Writes the access log, whole lines at a time. */
  readonly writeAccess: (text: string) => void;
  /** Address of the engine's port forwarder. */
  readonly forwarder?: string | undefined;
}

export interface RunningGateway {
  readonly port: number;
  readonly adminPort: number;
  /** Lets running requests finish, sends waiting ones away, and closes everything. */
  stop(): Promise<void>;
}

/** Listens on both ports. The server may start later. @throws when a port is in use */
export async function startGateway(
  settings: GatewaySettings,
  { version, now, log, writeAccess, forwarder }: Surroundings,
): Promise<RunningGateway> {
  const { server, rate, timeouts, limits } = settings;
  const serverUrl = new URL(server.url);
  const pool = createPool(settings);
  const props = rate && { ...rate, perMs: rate.perSeconds * 1000 };
  const limit = props && new RateLimit(props, processClock);
  const usage = settings.storage && openUsage(settings.storage.database, log);
  const storage = usage && createStorageGate(settings, usage, log);
  const sources = new Sources({ ...settings.sources, trustedProxies: settings.trustedProxies });
  const access = new AccessLog(writeAccess, now);
  let isStopping = false;
  const gateway = createGateway({
    passage: {
      ...{ routeOf: rememberedRoutes(server.generation), server: pool, serverUrl, storage },
      tokens: await createTokenGate({ ...settings, now }),
      sources,
      rate: props && limit && { limit, props },
      directory: usage && createDirectory(usage, now, log),
      room: new BodyRoom(limits.bodiesMegabytes * 1e6),
      bodyLimitBytes: limits.bodyMegabytes * 1e6,
      bodyMs: timeouts.bodySeconds * 1000,
      clock: processClock,
      generation: server.generation,
      connector: settings.storage?.database.connector,
      isStopping: () => isStopping,
      version,
      handshakeMs: timeouts.headersSeconds * 1000,
      idleMs: timeouts.webSocketIdleSeconds * 1000,
    },
    ...{ limits, timeouts, clock: processClock },
    forwarder,
    accept(http, isOpen) {
      if (isStopping) return;
      log(isOpen ? 'accepts connections again' : 'accepts no connections: too many stay half open');
      if (isOpen) http.listen({ port });
      // Not Node's close for HTTP, which also ends idle connections.
      else NetServer.prototype.close.call(http);
    },
    record(kind, entry) {
      access.add(entry);
      metrics.add(kind, entry);
    },
    onError: (error) => log(`error: ${reasonOf(error)}`),
  });
  const metrics = new Metrics({
    queued: () => limit?.waiting ?? 0,
    webSockets: () => gateway.tunnels.size,
    storage: () => storage?.measured() ?? [],
  });
  const capBytes = megabytes(settings.storage?.capMegabytes);
  const admin = createAdminServer({
    metrics,
    usage: () => reportUsage({ rate, limit, storage: usage && { source: usage, capBytes } }),
    isStopping: () => isStopping,
  });
  const adminPort = await listen(admin, { port: settings.adminPort });
  const port = await listen(gateway.http, { port: settings.port });
  log(`the gateway listens on port ${port}, for ${server.url} (${server.generation})`);
  return {
    port,
    adminPort,
    async stop() {
      isStopping = true;
      limit?.stop();
      await drain(gateway, timeouts.drainSeconds * 1000);
      await Promise.all([pool.destroy(), usage?.close()]);
      admin.close();
      admin.closeAllConnections();
      access.flush();
      log('stopped');
    },
  };
}

function createPool({ server, timeouts }: GatewaySettings): Pool {
  return new Pool(new URL(server.url).origin, {
    connections: server.connections,
    pipelining: 1,
    headersTimeout: timeouts.serverSeconds * 1000,
    bodyTimeout: timeouts.serverSeconds * 1000,
    connect: { timeout: 5_000 },
  });
}

function createDirectory(usage: UsageSource, now: () => Date, log: Log): ServiceDirectory {
  return new ServiceDirectory({
    deployed: (most) => usage.deployed(most),
    ...{ clock: processClock, now },
    onFailure: (error) => log(`services cannot be listed: ${reasonOf(error)}`),
  });
}

function createStorageGate({ storage }: GatewaySettings, usage: UsageSource, log: Log) {
  const { capMegabytes = 0, checkSeconds = 0, largeKilobytes = 0 } = storage ?? {};
  return new StorageGate({
    capBytes: megabytes(capMegabytes),
    freshMs: checkSeconds * 1000,
    largeBytes: largeKilobytes * 1e3,
    usageOf: (service, exactFromBytes) => usage.of(service, exactFromBytes),
    clock: processClock,
    onFailure: (error) => log(`storage cannot be measured: ${reasonOf(error)}`),
  });
}

const megabytes = (count = 0) => count * 1e6;
