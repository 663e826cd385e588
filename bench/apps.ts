import { writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { textTable } from '../cli/text-table.js';
import { openEngine } from '../clients/docker/open-engine.js';
import { HandMade, imageOfApp } from './apps/by-hand.js';
import { latencyRows } from './apps/latency.js';
import { loadRows } from './apps/load.js';
import { manyIdle } from './apps/many-idle.js';
import { untilFirstAnswer } from './apps/one-request.js';
import { BenchProject } from './apps/project.js';
import { spike, spikeFunction } from './apps/spike.js';
import { swapRows } from './apps/swaps.js';
import { WRK_SCRIPT } from './http-load.js';
import { freePorts, inScratch, timed } from './timing.js';

const FUNCTIONS = 20;
const LOAD_SECONDS = 2;

/**
 * One function as a function, as a long-running application, and in containers by hand: latency by state, throughput,
 * requests through deployments, a spike on the database, memory of many idle ones. Needs `wrk`. `args`: rounds.
 */
export async function run(args: string[]): Promise<void> {
  const rounds = Number(args[0] ?? 3);
  const engine = await openEngine(process.env);
  const say = (...lines: string[]) => process.stdout.write(`${lines.join('\n')}\n`);
  const startedAt = performance.now();
  const busy = () =>
    `${seconds(performance.now() - startedAt)} since the start, load ${loadavg()[0]?.toFixed(1)}`;
  await inScratch(async (directory) => {
    const [port = 0, web = 0, fn = 0, load = 0, calls = 0] = await freePorts(5);
    const project = new BenchProject(directory, port);
    const undo: (() => Promise<unknown>)[] = [() => project.kit('down', project.name, '--yes')];
    try {
      await project.writeSources();
      const server = await timed(async () => {
        await project.configure({});
        await project.kit('up', project.name);
      });
      await project.addService();
      await project.configure({
        web: { build: './web', port: `${web}:8080`, health: '/', instances: 2 },
        // One request for each instance: so a second one at the same time starts the second instance.
        fn: {
          ...{ function: './fn/index.js', port: fn, concurrency: 1, instances: 2 },
          ...{ idle: '2s', stop: '6s' },
        },
        load: { function: './fn/index.js', port: load, concurrency: 100, instances: 1 },
        spike: await spikeFunction(project, calls),
      });
      const apps = await timed(() => project.kit('up', project.name));
      const hand = new HandMade(engine, await imageOfApp(engine, project.name, 'web'));
      undo.unshift(() => hand.removeAll());
      say(`${availableParallelism()} cores, ${rounds} rounds; medians, and the least to the most.`);
      say(`up: server ${seconds(server)}, four applications ${seconds(apps)}; ${busy()}`, '');

      const ports = { fn, web };
      say(textTable(await latencyRows({ engine, project, hand, ports }, rounds)));
      say(`Latency of one request on a new connection, ms; ${busy()}`, '');

      const script = join(directory, 'request.lua');
      await writeFile(script, WRK_SCRIPT);
      const direct = await hand.run();
      await untilFirstAnswer(direct.port);
      const ways = { 'published port': direct.port, edge: web, 'edge and activator': load };
      say(textTable(await loadRows(ways, { rounds, seconds: LOAD_SECONDS, script })));
      say(`Load; ${busy()}`, '');
      await hand.remove(direct);

      say(textTable(await swapRows(project, { web, load })));
      say(`12 clients through deployments; ${busy()}`, '');

      say(await spike(engine, project, calls), '');

      const { rows, upMs } = await manyIdle({ engine, project }, FUNCTIONS);
      say(textTable(rows));
      say(`up with ${FUNCTIONS} functions in place of those before: ${seconds(upMs)}; ${busy()}`);
    } finally {
      for (const each of undo) await each();
    }
  });
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
