import { Agent, type AgentOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import Docker from 'dockerode';
import { assertAnswers, type Engine } from './connect.js';

/** How to get a stream to an engine's socket. */
export interface EngineWire {
  /** For people: where that engine is. */
  readonly address: string;
  readonly dial: () => Promise<Duplex>;
}

/**
 * An engine that is reached by streams of somebody else's, such as ones that ssh forwards: all of this
 * folder works on it. It has nothing of this machine's `DOCKER_HOST` and certificates.
 *
 * @throws KitError `engine-unreachable` (exit 3)
 */
export async function connectRemoteEngine(wire: EngineWire, timeoutMs = 15_000): Promise<Engine> {
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

/** One stream for each request: forwarded streams cost next to nothing. */
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

/** What HTTP expects of a socket beyond a stream; for a forwarded one there is nothing to set. */
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
