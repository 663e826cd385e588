import type { Log } from '../dev-server/log.js';
import { type AdminFacts, createAdminServer } from './admin-server.js';
import { listen, type Surroundings, serve } from './serve.js';
import type { GatewaySettings } from './settings.js';

/** A gateway that answers on both of its ports. */
export interface RunningGateway {
  readonly port: number;
  readonly adminPort: number;
  /** Lets requests under way finish, sends who waits away, and closes everything. */
  stop(): Promise<void>;
}

/** The gateway in one process. @throws when a port is taken */
export async function startGateway(
  settings: GatewaySettings,
  surroundings: Surroundings,
): Promise<RunningGateway> {
  const serving = await serve(settings, surroundings);
  return withAdmin(settings, serving, surroundings.log);
}

/** Adds the port for those who run the gateway. What serves stops when that one is taken. */
export async function withAdmin(
  { adminPort, server }: GatewaySettings,
  serving: AdminFacts & Pick<RunningGateway, 'port' | 'stop'>,
  log: Log,
): Promise<RunningGateway> {
  const { port } = serving;
  const admin = createAdminServer(serving);
  try {
    const listening = { port, adminPort: await listen(admin, adminPort) };
    log(`the gateway listens on port ${port}, for ${server.url} (${server.generation})`);
    return {
      ...listening,
      async stop() {
        await serving.stop();
        admin.close();
        admin.closeAllConnections();
        log('stopped');
      },
    };
  } catch (error) {
    await serving.stop();
    throw error;
  }
}
