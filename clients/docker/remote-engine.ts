import { Agent, type AgentOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import Docker from 'dockerode';
import { assertAnswers, type Engine } from './connect.js';

/**
 * An engine that is reached through given streams, such as ones that ssh forwards. Ignores this
 * machine's `DOCKER_HOST` and certificates.
 *
 * @throws KitError `engine-unreachable` (exit 3)
 */
export async function connectRemoteEngine(
  wire: {
    /** Address of the engine, for messages. */
    readonly address: string;
    readonly dial: () => Promise<Duplex>;
  },
  timeoutMs = 15_000,
): Promise<Engine> {
  const engine = new Docker({
    protocol: 'http',
    host: 'engine',
    port: 80,
    pathPrefix: '/',
    agent: new WireAgent(wire.dial),
    ca: undefined,
    cert: undefined,
    key: undefined,
  } as Docker.DockerOptions);
  await assertAnswers(engine, wire.address, timeoutMs);
  return engine;
}

/** Opens one stream per request: forwarded streams are cheap. */
class WireAgent extends Agent {
  constructor(private readonly dial: () => Promise<Duplex>) {
    super({ keepAlive: false, maxSockets: 16 });
  }

  override createConnection(
    _: AgentOptions,
    done?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.dial().then(
      (stream) =>
        stream.destroyed
          ? done?.(new Error('the engine hung up'), stream)
          : done?.(null, asSocket(stream)),
      (error: Error) => done?.(error, undefined as never),
    );
  }
}

/** The socket methods that HTTP calls; a forwarded stream has nothing to set. */
const asSocket = (stream: Duplex) => {
  const nothing = () => stream;
  return Object.assign(stream, {
    setTimeout: nothing,
    setKeepAlive: nothing,
    setNoDelay: nothing,
    ref: nothing,
    unref: nothing,
  });
};
