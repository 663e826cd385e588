import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { openEngine } from '../clients/docker/open-engine.js';
import { removeContainer } from '../clients/docker/remove-container.js';
import { BUNDLED_GATEWAY } from '../cluster/bundled-images.js';
import {
  type Contender,
  configure,
  containerOf,
  contenders,
  INSTANCE_PORT,
  PORT,
} from './edge-contenders.js';
import { startClients } from './edge-load.js';
import { ANSWER, percentile, throughput, WRK_SCRIPT } from './http-load.js';

const CONNECTIONS = 64;
const SWAPS = 4;

/** An instance: only answers, and ends at SIGTERM when all is answered. */
const INSTANCE = `
const server = require('node:http').createServer((request, response) => {
  request.resume();
  request.once('end', () => response.end('${ANSWER}'));
}).listen(${INSTANCE_PORT});
process.on('SIGTERM', () => server.close(() => process.exit(0)));`;

/**
 * What could stand before applications, in turns: answers per second with one instance, and requests lost when
 * instances are swapped, and when one of two is killed. `args`: rounds, seconds of each measurement.
 */
export async function run(args: string[]): Promise<void> {
  const [rounds = 5, seconds = 3] = args.map(Number);
  const engine = await openEngine(process.env);
  const name = `ck-bench-${randomBytes(4).toString('hex')}`;
  const directory = await mkdtemp(join(tmpdir(), 'clusterkit-bench-'));
  await chmod(directory, 0o755);
  const containers: string[] = [];
  const start = async (options: Docker.ContainerCreateOptions) => {
    const container = await engine.createContainer(options);
    containers.push(container.id);
    await container.start();
    return container;
  };
  const instance = (id: string) =>
    start({
      name: `${name}-${id}`,
      Image: BUNDLED_GATEWAY,
      Entrypoint: ['node', '-e', INSTANCE],
      Healthcheck: { Test: ['NONE'] },
      HostConfig: { Init: true, NetworkMode: name },
    });
  const network = await engine.createNetwork({ Name: name });
  try {
    const script = join(directory, 'request.lua');
    await writeFile(script, WRK_SCRIPT);
    const instances = { a: await instance('a'), b: await instance('b') };
    const results = [];
    for (const contender of await contenders()) {
      await configure(contender, directory, [`${name}-a`]);
      const options = containerOf(contender, {
        ...{ name: `${name}-${contender.name.toLowerCase()}`, network: name, directory },
      });
      const container = await start(options);
      const host = await addressOf(container);
      await untilAnswers(host, PORT);
      results.push({ contender, container, host, perSecond: [] as number[] });
    }
    for (let round = 0; round < rounds; round++) {
      for (const { host, perSecond } of results) {
        perSecond.push(await throughput(PORT, { connections: CONNECTIONS, seconds, script, host }));
      }
    }
    process.stdout.write('| | answers/s | lost in swaps | lost by a kill |\n|---|---|---|---|\n');
    for (const { contender, container, host, perSecond } of results) {
      const swaps = await swap(contender, container, host);
      const kill = contender.balances ? await killed(contender, container, host) : '-';
      const answers = Math.round(percentile(perSecond, 0.5));
      process.stdout.write(`| ${contender.name} | ${answers} | ${swaps} | ${kill} |\n`);
    }

    async function addressOf(container: Docker.Container): Promise<string> {
      const { NetworkSettings } = await container.inspect();
      return NetworkSettings.Networks[name]?.IPAddress ?? '';
    }

    /** Nothing of the measurement before is left: these instances answer, also through the contender. */
    async function settle(
      contender: Contender,
      container: Docker.Container,
      host: string,
      ids: readonly ('a' | 'b')[],
    ) {
      for (const id of ids) await untilAnswers(await addressOf(instances[id]), INSTANCE_PORT);
      await configure(
        contender,
        directory,
        ids.map((id) => `${name}-${id}`),
      );
      await contender.reload(container);
      await sleep(3000);
      await untilAnswers(host, PORT);
    }

    async function swap(contender: Contender, container: Docker.Container, host: string) {
      await settle(contender, container, host, ['a']);
      const clients = startClients(host, PORT);
      for (let count = 0; count < SWAPS; count++) {
        const [next, last] = count % 2 === 0 ? (['b', 'a'] as const) : (['a', 'b'] as const);
        // As a deployment does: only an instance that answers is named.
        await untilAnswers(await addressOf(instances[next]), INSTANCE_PORT);
        await configure(contender, directory, [`${name}-${next}`]);
        await contender.reload(container);
        await sleep(3000);
        await instances[last].stop({ t: 10 });
        await instances[last].start();
        await sleep(1000);
      }
      return (await clients.stop()).lost;
    }

    async function killed(contender: Contender, container: Docker.Container, host: string) {
      await settle(contender, container, host, ['a', 'b']);
      const clients = startClients(host, PORT);
      await sleep(1000);
      await instances.a.kill();
      await sleep(4000);
      const { lost } = await clients.stop();
      await instances.a.start();
      return lost;
    }
  } finally {
    for (const id of containers) await removeContainer(engine, id);
    await network.remove();
    await rm(directory, { recursive: true, force: true });
  }
}

async function untilAnswers(host: string, port: number): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const answered = await fetch(`http://${host}:${port}/demo/dev`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ users { id } }"}',
    })
      .then((response) => response.ok)
      .catch(() => false);
    if (answered) return;
    if (attempt > 100) throw new Error(`nothing answers on ${host}`);
    await sleep(100);
  }
}
