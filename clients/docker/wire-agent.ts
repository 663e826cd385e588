import { Agent, type AgentOptions } from 'node:http';
import type { Duplex } from 'node:stream';

/** Sends requests through given streams, one per request: forwarded streams are cheap. */
export class WireAgent extends Agent {
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
