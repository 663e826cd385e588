import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createConnection } from 'mysql2/promise';
import { describe, expect, onTestFinished, test } from 'vitest';
import { renderGreeting } from '../../../../clients/database/mysql-greeting.js';
import { CAPABILITY, packet } from '../../../../clients/database/mysql-packets.js';
import { settingsSchema } from '../../../../programs/relay/relay-settings.js';
import { startRelay } from '../../../../programs/relay/start-relay.js';

const CAPABILITIES =
  CAPABILITY.protocol41 | CAPABILITY.secureConnection | CAPABILITY.pluginAuth | CAPABILITY.ssl;
const GREETING = renderGreeting({
  ...{ capabilities: CAPABILITIES, nonce: Buffer.alloc(20, 'n'), plugin: 'mysql_native_password' },
  ...{ version: Buffer.from('5.7.44'), threadId: Buffer.alloc(4), charset: Buffer.from([45]) },
  ...{ status: Buffer.from([2, 0]), reserved: Buffer.alloc(10) },
});

/** A relay to a database that says `first` to whoever connects, and how many connections that has. */
async function start(first: Buffer) {
  const open = new Set<Socket>();
  // As a database would be whose other side is gone: it does not hang up by itself.
  const database = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => open.delete(socket));
    socket.once('end', () => socket.end());
    socket.resume();
    socket.write(packet(0, first));
  });
  await new Promise<void>((resolve) => database.listen(0, '127.0.0.1', resolve));
  const { port } = database.address() as AddressInfo;
  const settings = settingsSchema.parse({
    ...{ connector: 'mysql', host: '127.0.0.1', port, user: 'app', password: 'right' },
    ...{ database: 'prisma', ssl: 'verify-full', listen: 0, listenHost: '127.0.0.1' },
  });
  const relay = await startRelay(settings, () => {});
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    database.close();
    await relay.stop();
  });
  const client = { host: '127.0.0.1', port: relay.port, user: 'app', password: 'wrong' };
  return { client, open };
}

describe('a client that is not let in', () => {
  test.each([
    ['by its password', GREETING, /Access denied for user 'app' at the relay/],
    ['since what answers is no MySQL', Buffer.from('hello'), /it does not speak MySQL/],
  ])('%s: the connection to the database ends with it', async (_, first, words) => {
    const { client, open } = await start(first);
    await expect(createConnection(client)).rejects.toThrow(words);
    await expect.poll(() => open.size, { timeout: 3000 }).toBe(0);
  });
});
