import { z } from 'zod';

const transport = z.enum(['pull', 'push']);

/** Facts for an install over ssh, in addition to those of every target. */
export const installFacts = {
  /** Port that the server is published on. */
  port: z.number(),
  serverImage: z.string(),
  serverTransport: transport,
  databaseTransport: transport,
  /** Name of the volume with the data; empty when it is on the machine's own disk. */
  volume: z.string(),
  /** The user's own limits. @default - computed */
  serverMemoryMb: z.number().optional(),
  databaseMemoryMb: z.number().optional(),
  /** @default - only the kit's */
  javaOptions: z.string().optional(),
  /** Only with a gateway. */
  gatewayImage: z.string().optional(),
  gatewayTransport: transport.optional(),
  /** Applications beside the server. @default - none */
  apps: z
    .strictObject({
      /** What they need of the machine's memory. */
      memoryMb: z.number(),
      /** The host names of each that has any, and who may use them. @default - none; everybody */
      sites: z
        .array(
          z.strictObject({
            domains: z.array(z.string()),
            sources: z.array(z.string()).optional(),
          }),
        )
        .optional(),
    })
    .optional(),
  /** Only with https. */
  proxyImage: z.string().optional(),
  proxyTransport: transport.optional(),
};

/** See {@link installFacts}. */
export type InstallFacts = z.infer<z.ZodObject<typeof installFacts>>;
