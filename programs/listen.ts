import type { AddressInfo, ListenOptions, Server } from 'node:net';

/** Listens, and returns the port: port 0 takes any free one. @throws when the port is in use */
export async function listen(server: Server, options: ListenOptions): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, resolve);
  });
  return (server.address() as AddressInfo).port;
}
