import { findEdges } from '../../apps/edge/find-edges.js';
import type { Engine } from '../../clients/docker/connect.js';
import { instanceName, objectName } from '../../cluster/names.js';
import { freePorts, timed } from '../timing.js';
import { HandMade, imageOfApp } from './by-hand.js';
import { memoryMb } from './memory.js';
import { latencyOf, untilFirstAnswer } from './one-request.js';
import type { BenchProject } from './project.js';
import { untilAll } from './states.js';

/** Longer than a wake of all functions, one after the other, on a busy machine. */
const TIMES = { idle: '5s', stop: '60s' };

/** Time of the deployment in ms, and rows of a table: memory in MB. */
export interface ManyIdle {
  readonly upMs: number;
  readonly rows: readonly string[][];
}

/** Deploys `count` functions at once; their memory when they are frozen and stopped, beside containers by hand. */
export async function manyIdle(
  { engine, project }: { engine: Engine; project: BenchProject },
  count: number,
): Promise<ManyIdle> {
  const { name } = project;
  const ports = await freePorts(count);
  const names = ports.map((_, index) => `f${index + 1}`);
  const functionOf = (index: number) => ({
    ...{ function: './fn/index.js', port: ports[index], instances: 1, ...TIMES },
  });
  await project.configure(
    Object.fromEntries(names.map((each, index) => [each, functionOf(index)])),
  );
  const upMs = await timed(() => project.kit('up', name));
  for (const port of ports) await latencyOf(port);
  const instances = names.map((each) => instanceName(name, each, 'r1', 1));
  const edges = (await findEdges(engine, name)).map(({ container }) => container.id);
  const shared = [...edges, objectName(name, 'activator'), objectName(name, 'waker')];
  const measure = async () =>
    [await memoryMb(engine, instances), await memoryMb(engine, shared)] as const;
  await untilAll(engine, name, names, ['frozen']);
  const frozen = await measure();
  await untilAll(engine, name, names, ['stopped']);
  const stopped = await measure();
  const byHand = await memoryByHand(engine, await imageOfApp(engine, name, names[0] ?? ''), count);
  const row = (what: string, [own, others]: readonly [number, number]) => [
    ...[what, own.toFixed(0), others.toFixed(0), (own + others).toFixed(0)],
  ];
  const rows = [
    [`${count} functions, MB`, 'instances', `${edges.length} edge, activator, waker`, 'together'],
    row('frozen', frozen),
    row('stopped', stopped),
    row('docker by hand', [byHand, 0]),
  ];
  return { upMs, rows };
}

/** Memory in MB of containers by hand that each have answered one request. */
async function memoryByHand(engine: Engine, image: string, count: number): Promise<number> {
  const hand = new HandMade(engine, image);
  try {
    const ids: string[] = [];
    for (let made = 0; made < count; made++) {
      const { container, port } = await hand.run();
      await untilFirstAnswer(port);
      ids.push(container.id);
    }
    return await memoryMb(engine, ids);
  } finally {
    await hand.removeAll();
  }
}
