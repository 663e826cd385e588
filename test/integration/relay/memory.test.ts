import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { expect, onTestFinished, test } from 'vitest';
import { runInContainer } from '../../../clients/docker/run-in-container.js';
import { BUNDLED_GATEWAY } from '../../../cluster/bundled-images.js';
import { relayCommand } from '../../../cluster/configuration/relay-container.js';
import { renderRelay } from '../../../cluster/configuration/render-relay.js';
import { nodeOptions } from '../../../cluster/containers/memory-options.js';
import { relayMemory } from '../../../cluster/containers/relay-memory.js';
import { Secret } from '../../../lib/secret.js';
import { TestAuthority } from '../../support/certificates.js';
import { bridgeAddress } from '../../support/external-database.js';
import { freePort } from '../../support/free-port.js';
import { FLOODED, flood, scriptedPostgres, startUp } from '../../support/scripted-postgres.js';
import { TestObjects } from '../../support/test-containers.js';

const MIB = 1024 * 1024;
const { connections, limit, heap } = relayMemory();

/** The relay as a cluster has it: its image, its command, its limit. */
async function startRelay(configuration: Secret) {
  const container = await new TestObjects().container('database', {
    Image: BUNDLED_GATEWAY,
    Cmd: [...relayCommand(nodeOptions(heap))],
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      ...{ Init: true, Memory: limit * MIB, MemorySwap: limit * MIB },
      RestartPolicy: { Name: 'unless-stopped' },
    },
  });
  const files = pack();
  files.entry({ name: 'run/clusterkit/relay.yml', mode: 0o600 }, configuration.reveal());
  files.finalize();
  await container.putArchive(Readable.from(files), { path: '/' });
  await container.start();
  const { NetworkSettings } = await container.inspect();
  return { container, address: NetworkSettings.Networks.bridge?.IPAddress ?? '' };
}

/** A client that has logged in, or `undefined` when the relay refused or cut it. */
function clientOf(address: string, user: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(5432, address, () => socket.write(startUp(user)));
    socket.on('error', () => {}).once('close', () => resolve(undefined));
    socket.once('data', (answer: Buffer) => resolve(answer[0] === 0x52 ? socket : undefined));
  });
}

/** Clients that come and go, several at once; returns how many got in. */
async function comeAndGo(address: string, total: number, atOnce: number): Promise<number> {
  let [left, served] = [total, 0];
  const one = async () => {
    while (left-- > 0) {
      const socket = await clientOf(address, 'guest');
      if (socket === undefined) continue;
      served += 1;
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.resume().end();
      await closed;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return served;
}

test('keeps its limit under many hundreds of clients, and with all that it accepts waiting on both sides', async () => {
  const [host, port] = [await bridgeAddress(), await freePort()];
  const authority = await TestAuthority.create();
  const certificate = await authority.issue([host]);
  let database = await scriptedPostgres(host, port, certificate);
  onTestFinished(() => database.close());
  const { container, address } = await startRelay(
    renderRelay({
      ...{ connector: 'postgres', host, port, user: 'app', database: 'app', ssl: 'verify-full' },
      ...{ password: new Secret('x'), ca: authority.certificate },
    }),
  );
  const health = () => runInContainer(container, ['ask.sh', '9465', '/healthz']);
  const up = { timeout: 30_000, interval: 200 };
  await expect.poll(health, up).toEqual({ exitCode: 0, output: 'ok' });

  // 600 were enough to end a relay that keeps something of each.
  expect(await comeAndGo(address, 900, 50)).toBe(900);
  // More at once than it accepts: the rest is refused or cut.
  expect(await comeAndGo(address, 3 * connections, 2 * connections)).toBeGreaterThan(0);

  const waiting: Socket[] = [];
  // Clients from before may have their places a moment longer.
  while (waiting.length < connections) {
    const more = Array.from({ length: connections + 50 }, () => clientOf(address, FLOODED));
    waiting.push(...(await Promise.all(more)).flatMap((socket) => socket ?? []));
  }
  expect(waiting).toHaveLength(connections);
  for (const socket of waiting) flood(socket.pause());
  await expect.poll(() => isSettled(waiting), { timeout: 60_000, interval: 250 }).toBe(true);
  expect(await health()).toEqual({
    exitCode: 1,
    output: `the relay has ${connections} clients, and accepts no more`,
  });
  for (const socket of waiting) socket.destroy();

  await expect.poll(health, up).toEqual({ exitCode: 0, output: 'ok' });
  await database.close();
  await expect
    .poll(health, up)
    .toEqual({ exitCode: 1, output: `${host}:${port} refuses connections` });
  database = await scriptedPostgres(host, port, certificate);
  await expect.poll(health, up).toEqual({ exitCode: 0, output: 'ok' });
  const { State, RestartCount } = await container.inspect();
  expect([State.OOMKilled, RestartCount]).toEqual([false, 0]);
});

let sent = -1;
/** Nothing more goes out: every buffer on the way is full. */
function isSettled(sockets: readonly Socket[]): boolean {
  const before = sent;
  sent = sockets.reduce(
    (sum, { bytesWritten, writableLength }) => sum + bytesWritten - writableLength,
    0,
  );
  return sent === before;
}
