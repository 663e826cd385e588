import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import {
  newPinnedCertificate,
  type PinnedCertificate,
} from '../../cluster/configuration/pinned-certificate.js';

/** What is shown for 127.0.0.1, unless told otherwise. */
export const certificateFor = (host = '127.0.0.1', now = new Date()) =>
  newPinnedCertificate({ cluster: 'ck-test', host, now });

/** A server on loopback that shows a certificate, and answers as one of version 1.8 that is closed. */
export async function httpsServer({ certificate, key }: PinnedCertificate) {
  const seen: string[] = [];
  const server = createServer(
    { cert: certificate, key: key.reveal() },
    async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      seen.push(text);
      const data = text.includes('serverInfo') ? { serverInfo: { version: '1.8.4' } } : null;
      const errors = data === null ? [{ message: 'no', code: 3015 }] : undefined;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data, errors }));
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}
