import { z } from 'zod';

/** A gateway's report on the services of a development cluster. Later versions may add fields. */
export const usageReport = z.object({
  /** Limits of each service and stage. @default - none */
  rate: z.object({ requests: z.number(), perSeconds: z.number(), queue: z.number() }).optional(),
  /** Storage limit of each service and stage. @default - none */
  storageCapBytes: z.number().optional(),
  /** Services with data or with waiting requests. */
  services: z.array(
    z.object({
      service: z.string(),
      stage: z.string(),
      /** @default - not measured */
      storageBytes: z.number().optional(),
      /** Number of requests in the queue. */
      waiting: z.number(),
    }),
  ),
});

export type UsageReport = z.infer<typeof usageReport>;
export type ServiceUsage = UsageReport['services'][number];
