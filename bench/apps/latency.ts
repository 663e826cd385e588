import type { Engine } from '../../clients/docker/connect.js';
import { median, timed } from '../timing.js';
import type { HandMade } from './by-hand.js';
import { latencyOf, oneRequest, untilFirstAnswer } from './one-request.js';
import type { BenchProject } from './project.js';
import { instancesOf, untilFirst } from './states.js';

/** Longer than a start of a container on a busy machine. */
const HOLD_MS = 20_000;
const WARM_REQUESTS = 5;

/** What the measurement needs: the function `fn` with a concurrency of 1, and the same code as `web`. */
export interface LatencyPlace {
  readonly engine: Engine;
  readonly project: BenchProject;
  readonly hand: HandMade;
  readonly ports: { readonly fn: number; readonly web: number };
}

/** Rows of a table: the latency of one request in ms, by the state in which it finds its process. */
export async function latencyRows(place: LatencyPlace, rounds: number): Promise<string[][]> {
  const took = new Map<string, number[]>();
  const note = (key: string, ms: number) => took.set(key, [...(took.get(key) ?? []), ms]);
  for (let round = 0; round < rounds; round++) {
    await measureFunction(place, note);
    for (let count = 0; count < WARM_REQUESTS; count++) {
      note('web warm', await latencyOf(place.ports.web));
    }
    await measureByHand(place, note);
  }
  const of = (key: string) => {
    const all = took.get(key);
    if (all === undefined) return '-';
    return `${shown(median(all))} (${shown(Math.min(...all))} to ${shown(Math.max(...all))})`;
  };
  return [
    ['', 'function', 'long-running', 'docker by hand'],
    ['warm', of('fn warm'), of('web warm'), of('hand warm')],
    ['frozen', of('fn frozen'), '-', of('hand frozen')],
    ['stopped', of('fn stopped'), '-', of('hand stopped')],
    ['created, first start', of('fn first'), '-', of('hand first')],
    ['`docker run`', '-', '-', of('hand run')],
  ];
}

const shown = (ms: number) => (ms < 100 ? ms.toFixed(1) : ms.toFixed(0));

type Note = (key: string, ms: number) => void;

/** Each state is what the activator says just before the request. */
async function measureFunction({ engine, project, ports }: LatencyPlace, note: Note) {
  const { name } = project;
  await project.kit('app', 'deploy', name, 'fn', '--force');
  note('fn first', await firstStart(engine, name, ports.fn));
  await latencyOf(ports.fn);
  for (let count = 0; count < WARM_REQUESTS; count++) {
    await untilFirst(engine, name, 'fn', 'ready');
    note('fn warm', await latencyOf(ports.fn));
  }
  for (const state of ['frozen', 'stopped'] as const) {
    await untilFirst(engine, name, 'fn', state);
    note(`fn ${state}`, await latencyOf(ports.fn));
  }
}

/**
 * The deployment has started the first instance to see that it is healthy. A request keeps it busy, so that the next
 * one needs the second instance, which has never run.
 */
async function firstStart(engine: Engine, cluster: string, port: number): Promise<number> {
  await latencyOf(port);
  const held = new AbortController();
  const holding = oneRequest(port, `/?ms=${HOLD_MS}`, held.signal).catch(() => undefined);
  try {
    for (;;) {
      const [first, second] = await instancesOf(engine, cluster, 'fn');
      if (first?.inflight !== 1) continue;
      const { State } = await engine.getContainer(second?.name ?? '').inspect();
      if (State.Status !== 'created') throw new Error(`${second?.name} is ${State.Status}`);
      break;
    }
    const took = await latencyOf(port);
    const [first] = await instancesOf(engine, cluster, 'fn');
    if (first?.inflight !== 1) throw new Error('the first instance answered instead of the second');
    return took;
  } finally {
    held.abort();
    await holding;
  }
}

async function measureByHand({ hand }: LatencyPlace, note: Note): Promise<void> {
  const once = await hand.create();
  note('hand first', await timed(() => started(once)));
  await hand.remove(once);
  let one = once;
  const run = async () => {
    one = await hand.run(once.port);
    await untilFirstAnswer(one.port);
  };
  note('hand run', await timed(run));
  const { container, port } = one;
  for (let count = 0; count < WARM_REQUESTS; count++) note('hand warm', await latencyOf(port));
  await container.pause();
  note('hand frozen', await timed(() => container.unpause().then(() => latencyOf(port))));
  await container.stop({ t: 1 });
  note('hand stopped', await timed(() => started(one)));
  await hand.remove(one);

  async function started(made: typeof once) {
    await made.container.start();
    await untilFirstAnswer(made.port);
  }
}
