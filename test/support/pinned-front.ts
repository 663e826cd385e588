import { type AddressInfo, connect } from 'node:net';
import { createServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import { newPinnedCertificate } from '../../cluster/configuration/pinned-certificate.js';

/** Https with a pinned certificate, for one test, before a server on loopback. @param host of that one */
export async function pinnedFront(
  host: string,
  cluster = 'a',
): Promise<{ host: string; certificate: string }> {
  const own = await newPinnedCertificate({ cluster, host: '127.0.0.1', now: new Date() });
  const { port, hostname } = new URL(host);
  const front = createServer({ cert: own.certificate, key: own.key.reveal() }, (socket) => {
    const inner = connect(Number(port), hostname);
    for (const each of [socket, inner]) each.on('error', () => socket.destroy());
    socket.on('close', () => inner.destroy());
    socket.pipe(inner).pipe(socket);
  });
  front.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void front.close());
  const { port: outer } = front.address() as AddressInfo;
  return { host: `https://127.0.0.1:${outer}`, certificate: own.certificate };
}
