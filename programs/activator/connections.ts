import { Pool } from 'undici-node18';

const CONNECT_MS = 5_000;
/** Node's servers close silent connections after 5 s; this side is earlier. */
const KEEP_ALIVE_MS = 4_000;

/**
 * Open connections to instances. They end before an instance is frozen: a frozen process answers no
 * keep-alives, and would close them as soon as it is woken.
 */
export class Connections {
  readonly #pools = new Map<string, Pool>();

  to(instance: string, port: number): Pool {
    const known = this.#pools.get(instance);
    if (known !== undefined) return known;
    const pool = new Pool(`http://${instance}:${port}`, {
      // As many as requests: each instance has a limit of them.
      connections: null,
      pipelining: 1,
      // The time of a request is bounded as a whole.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: { timeout: CONNECT_MS },
    });
    this.#pools.set(instance, pool);
    return pool;
  }

  close(instance: string): void {
    void this.#pools.get(instance)?.destroy();
    this.#pools.delete(instance);
  }

  closeAll(): void {
    for (const instance of this.#pools.keys()) this.close(instance);
  }
}
