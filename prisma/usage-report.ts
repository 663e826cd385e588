import { z } from 'zod';

/** What a gateway tells about the services of a development cluster. Later ones may tell more. */
export const usageReport = z.object({
  /** Limits of each service and stage; left out: none. */
  rate: z.object({ requests: z.number(), perSeconds: z.number(), queue: z.number() }).optional(),
  /** Cap of each service and stage; left out: none. */
  storageCapBytes: z.number().optional(),
  /** Those that have data, or that somebody waits for. */
  services: z.array(
    z.object({
      service: z.string(),
      stage: z.string(),
      /** Left out: it is not measured. */
      storageBytes: z.number().optional(),
      /** Requests that wait for their turn. */
      waiting: z.number(),
    }),
  ),
});

export type UsageReport = z.infer<typeof usageReport>;
export type ServiceUsage = UsageReport['services'][number];
