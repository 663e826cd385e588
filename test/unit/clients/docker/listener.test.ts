import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listenerOf, listeningInodes } from '../../../../clients/docker/listener.js';

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1172 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11111 1 0000000000000000 100 0 0 10 0
   1: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22222 1 0000000000000000 100 0 0 10 0
   2: 0100007F:1172 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000     0        0 33333 1 0000000000000000 20 4 30 10 -1
   3: 0100007F:D2F0 0100007F:1172 01 00000000:00000000 00:00000000 00000000     0        0 44444 1 0000000000000000 20 4 30 10 -1
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:1172 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 55555 1 0000000000000000 100 0 0 10 0
`;

describe('listeningInodes', () => {
  test('who listens on the port, over IPv4 and IPv6; not who is connected to it', () => {
    expect(listeningInodes(table, 4466)).toEqual(new Set(['11111', '55555']));
    expect(listeningInodes(table, 80)).toEqual(new Set(['22222']));
  });

  test('nobody', () => {
    expect(listeningInodes(table, 4467)).toEqual(new Set());
    expect(listeningInodes('', 4466)).toEqual(new Set());
  });
});

describe.runIf(process.platform === 'linux')('listenerOf', () => {
  test('names this process, and nobody once it has stopped', async () => {
    const server = createServer();
    onTestFinished(() => void server.close());
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    expect(await listenerOf(port)).toMatch(new RegExp(`^process ${process.pid} \\(.+\\)$`));
    await new Promise((resolve) => server.close(resolve));
    expect(await listenerOf(port)).toBeUndefined();
  });
});
