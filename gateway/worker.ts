import { once } from 'node:events';
import { AggregatorRegistry } from 'prom-client';
import { z } from 'zod';
import { type ServingGateway, type Surroundings, serve } from './serve.js';
import type { GatewaySettings } from './settings.js';
import { shareOf } from './worker-count.js';

/** What a worker is told by the process that has started it. */
export const orderSchema = z.strictObject({
  /** The file of the settings: it has secrets, and workers may not read it themselves. */
  text: z.string(),
  /** How many workers there are. */
  count: z.number().int().min(1),
});

/** One of several processes that answer on the same port, once it is told its settings. */
export async function startWorker(
  read: (text: string) => GatewaySettings,
  surroundings: Surroundings,
): Promise<ServingGateway> {
  // Sent unasked, it could come before anybody listens.
  process.send?.('ready');
  const [message] = await once(process, 'message');
  const { text, count } = orderSchema.parse(message);
  const serving = await serve(shareOf(read(text), count), surroundings);
  AggregatorRegistry.setRegistries(serving.metrics.registry);
  // It is what answers the first process, which asks for the metrics.
  new AggregatorRegistry();
  return serving;
}
