import { randomBytes } from 'node:crypto';
import { connectEngine } from '../../../lib/engine/connect.js';

/** A PostgreSQL of this test file's own. */
export interface TestPostgres {
  readonly port: number;
  readonly password: string;
  remove(): Promise<void>;
}

/** Starts the bundled PostgreSQL on a free port of loopback; it may not take connections yet. */
export async function startPostgres(): Promise<TestPostgres> {
  const engine = await connectEngine();
  const password = randomBytes(12).toString('hex');
  const container = await engine.createContainer({
    name: `ck-test-dev-server-${randomBytes(4).toString('hex')}`,
    Image: 'clusterkit/postgres:15',
    Env: ['POSTGRES_USER=prisma', 'POSTGRES_DB=prisma', `POSTGRES_PASSWORD=${password}`],
    ExposedPorts: { '5432/tcp': {} },
    HostConfig: {
      AutoRemove: true,
      PortBindings: { '5432/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
    },
  });
  const remove = () => container.remove({ force: true, v: true });
  try {
    await container.start();
    const { NetworkSettings } = await container.inspect();
    const port = Number(NetworkSettings.Ports['5432/tcp']?.[0]?.HostPort);
    return { port, password, remove };
  } catch (error) {
    await remove().catch(() => undefined);
    throw error;
  }
}
