import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { probeTransport } from '../../../external-database/probe-transport.js';
import { Secret } from '../../../lib/secret.js';

test.each(['postgres', 'mysql'] as const)(
  'what takes connections and says nothing is not out of reach, but no %s',
  async (connector) => {
    const silent = createServer((socket) => void socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const login = { connector, host: '127.0.0.1', port, user: 'u', database: 'd' };
    const probe = probeTransport({ ...login, password: new Secret('p'), ssl: 'verify-full' }, 300);
    await expect(probe).rejects.toMatchObject({
      reason: 'lost',
      message: `the connection to 127.0.0.1:${port} was lost: it accepted the connection, but sends nothing`,
    });
  },
);
