import { randomBytes } from 'node:crypto';
import { openEngine } from '../../../clients/docker/open-engine.js';
import { freePort } from '../../support/free-port.js';

/** A database of this test file's own. */
export interface TestDatabase {
  readonly connector: 'postgres' | 'mysql';
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Ends it at once, and starts it again on the same port. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

/** What tells a bundled database image who may do what. */
export interface DatabaseImage {
  readonly connector: TestDatabase['connector'];
  readonly image: string;
  readonly port: number;
  readonly user: string;
  environment(password: string): readonly string[];
}

/** Starts a bundled database on a free port of loopback; it may not take connections yet. */
export async function startDatabase(props: DatabaseImage): Promise<TestDatabase> {
  const { connector, image, user } = props;
  const engine = await openEngine(process.env);
  const password = randomBytes(12).toString('hex');
  const inside = `${props.port}/tcp`;
  const port = await freePort();
  const container = await engine.createContainer({
    name: `ck-test-dev-server-${randomBytes(4).toString('hex')}`,
    Image: image,
    Env: [...props.environment(password)],
    ExposedPorts: { [inside]: {} },
    HostConfig: { PortBindings: { [inside]: [{ HostIp: '127.0.0.1', HostPort: String(port) }] } },
  });
  const remove = () => container.remove({ force: true, v: true });
  try {
    await container.start();
    const restart = () => container.restart({ t: 0 });
    return { connector, port, user, password, restart, remove };
  } catch (error) {
    await remove().catch(() => undefined);
    throw error;
  }
}
