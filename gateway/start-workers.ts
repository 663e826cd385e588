import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { AggregatorRegistry } from 'prom-client';
import type { z } from 'zod';
import type { Log } from '../dev-server/log.js';
import type { GatewaySettings } from './settings.js';
import { type RunningGateway, withAdmin } from './start.js';
import type { orderSchema } from './worker.js';

/** What workers are started and kept with. */
export interface WorkersProps {
  readonly settings: GatewaySettings;
  readonly order: z.infer<typeof orderSchema>;
  readonly log: Log;
  /** No worker stays any more: the program should end, and be started anew. */
  readonly giveUp: (error: Error) => void;
}

/** One that ends sooner has not failed by chance. */
const SHORT_LIFE_MS = 1_000;
/** What workers may take beyond the time for requests under way. */
const GRACE_MS = 1_000;

/**
 * The gateway in several processes: they answer by turns, connection by connection, and this one
 * starts them, replaces them and speaks for them. They end when it is gone, whatever ended it.
 * @throws when a port is taken
 */
export async function startWorkers(props: WorkersProps): Promise<RunningGateway> {
  const { settings, order, log, giveUp } = props;
  let isStopping = false;
  const start = async (): Promise<number> => {
    const startedMs = Date.now();
    const worker = cluster.fork();
    worker.once('exit', (code, signal) => {
      if (isStopping) return;
      const reason = `a process of the gateway has ended (${signal ?? `exit code ${code}`})`;
      if (Date.now() - startedMs < SHORT_LIFE_MS) return giveUp(new Error(reason));
      log(`${reason}; another one takes its place`);
      start().catch(giveUp);
    });
    return listening(worker, order);
  };
  const workers = () => Object.values(cluster.workers ?? {}).flatMap((worker) => worker ?? []);
  const stop = async () => {
    isStopping = true;
    await endAll(workers(), settings.timeouts.drainSeconds * 1000 + GRACE_MS);
  };
  const [port = 0] = await Promise.all(Array.from({ length: order.count }, start));
  const registry = new AggregatorRegistry();
  const metrics = {
    read: async () => ({ type: registry.contentType, text: await registry.clusterMetrics() }),
  };
  const usage = async () => ({ services: [] });
  const serving = { port, metrics, usage, isStopping: () => isStopping, stop };
  return withAdmin(settings, serving, log);
}

/** The port of a worker that has asked for its order, and listens. */
async function listening(worker: Worker, order: WorkersProps['order']): Promise<number> {
  const [, [address]] = await Promise.race([
    Promise.all([
      once(worker, 'message').then(() => worker.send(order)),
      once(worker, 'listening'),
    ]),
    once(worker, 'exit').then(() => Promise.reject(new Error('it ended before it could listen'))),
  ]);
  return address.port;
}

/** Workers end by themselves when they are told to; whoever does not in time is ended. */
async function endAll(workers: readonly Worker[], ms: number): Promise<void> {
  const ends = workers.map((worker) => once(worker, 'exit'));
  for (const { process } of workers) process.kill('SIGTERM');
  const deadline = setTimeout(() => {
    for (const { process } of workers) process.kill('SIGKILL');
  }, ms);
  await Promise.all(ends);
  clearTimeout(deadline);
}
