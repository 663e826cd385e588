import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import Docker from 'dockerode';
import { pack } from 'tar-stream';
import { BUNDLED_GATEWAY } from '../../../../cluster/bundled-images.js';
import { FIXED_MB } from '../../../../cluster/containers/memory-plan.js';
import { bundleFile, bundlePart } from '../../../../setup/bundle-part.js';
import { freePort } from '../../../support/free-port.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** The gateway as clusters run it: its program and command, in a container of its memory. */
export async function startLimitedGateway(settings: object) {
  await bundlePart({ root }, 'gateway').make({ step() {}, output() {} });
  const engine = new Docker();
  const [port, adminPort] = [await freePort(), await freePort()];
  const bytes = FIXED_MB.gateway << 20;
  const container = await engine.createContainer({
    name: `ck-test-gateway-${randomBytes(4).toString('hex')}`,
    Image: BUNDLED_GATEWAY,
    Cmd: await commandOf(`${root}/images/gateway/Dockerfile`),
    Env: ['GATEWAY_CONFIG_PATH=/tmp/gateway.yml', 'MALLOC_ARENA_MAX=2'],
    Healthcheck: { Test: ['NONE'] },
    // On the host's network: its server and database listen on loopback.
    HostConfig: { Memory: bytes, MemorySwap: bytes, NetworkMode: 'host' },
  });
  const remove = () => container.remove({ force: true });
  try {
    const files = pack();
    files.entry({ name: 'opt/clusterkit/server.mjs' }, await readFile(bundleFile(root, 'gateway')));
    files.entry({ name: 'tmp/gateway.yml' }, JSON.stringify({ port, adminPort, ...settings }));
    files.finalize();
    await container.putArchive(Readable.from(files), { path: '/' });
    const output = await container.attach({ stream: true, stdout: true, stderr: true });
    let log = '';
    output.on('data', (chunk: Buffer) => {
      log += chunk.toString('latin1').slice(0, 2_000);
    });
    await container.start();
    while (!log.includes('listens on port')) await once(output, 'data');
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    port,
    /** How the process is: it must never have ended. */
    async state() {
      const { State } = await container.inspect();
      return { isRunning: State.Running, isKilledForMemory: State.OOMKilled };
    },
    remove,
  };
}

/** The command in a Dockerfile. */
async function commandOf(dockerfile: string): Promise<string[]> {
  const command = /^CMD (\[.*\])$/m.exec(await readFile(dockerfile, 'utf8'))?.[1];
  if (command === undefined) throw new Error(`${dockerfile} has no CMD`);
  return JSON.parse(command);
}
