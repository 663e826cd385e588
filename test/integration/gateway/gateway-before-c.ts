import { startPostgres } from '../dev-server/postgres-container.js';
import { startTestServer } from '../dev-server/test-server.js';
import { startTestGateway, type TestGateway } from './test-gateway.js';

/** A gateway that takes the test's key pair, and the server of generation C behind it. */
export interface GatewayBeforeC {
  readonly gateway: TestGateway;
  /** Ends all three. */
  readonly stop: () => Promise<void>;
}

/** Starts database, server and gateway. @param custom settings of the gateway, such as `rate` */
export async function startGatewayBeforeC(custom: object = {}): Promise<GatewayBeforeC> {
  const database = await startPostgres();
  const ends: (() => Promise<unknown>)[] = [() => database.remove()];
  const stop = async () => {
    for (const end of ends.reverse()) await end();
  };
  try {
    const secret = { legacySecret: undefined, managementApiSecret: 'server-secret' };
    const server = await startTestServer(database, { generation: 'C', ...secret });
    ends.push(() => server.stop());
    const url = `http://127.0.0.1:${server.port}`;
    const gateway = await startTestGateway(url, {
      ...{ server: { url, generation: 'C' }, serverSecret: 'server-secret' },
      ...custom,
    });
    ends.push(() => gateway.stop());
    return { gateway, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
