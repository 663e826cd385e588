import { createPublicKey } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { DATABASES } from '../../cluster/databases.js';
import { Secret } from '../../lib/secret.js';

const port = z.number().int().min(0).max(65_535);
const seconds = (fallback: number) => z.number().min(0.1).max(86_400).default(fallback);
const count = (fallback: number, max = 1_000_000) =>
  z.number().int().min(1).max(max).default(fallback);
const secret = z
  .string()
  .min(1)
  .transform((value) => new Secret(value));

const publicKey = z.string().refine(isRsaPublicKey, {
  error: 'must be an RSA public key of at least 2048 bits (PEM, BEGIN PUBLIC KEY)',
});
const source = z.string().refine((text) => isRange(text), {
  error: ({ input }) => `'${input}' is neither an address nor a range such as 203.0.113.0/24`,
});

const databaseSchema = z
  .strictObject({
    connector: z.enum(['postgres', 'mysql']),
    host: z.string().min(1),
    /** @default that of the connector */
    port: port.optional(),
    user: z.string().min(1),
    password: secret.optional(),
    database: z.string().default('prisma'),
    /** TLS, with the certificate checked. */
    ssl: z.boolean().default(false),
  })
  .transform((given) => ({ ...given, port: given.port ?? DATABASES[given.connector].port }));

/** What the gateway can be told. Unknown keys are errors. */
export const settingsSchema = z
  .strictObject({
    /** Where clients connect; 0 takes any free port. */
    port: port.default(4466),
    /** Where `/metrics` and `/healthz` are: not for the public, and so a port of its own. */
    adminPort: port.default(9464),
    server: z.strictObject({
      url: z.url({ protocol: /^http$/, error: 'must be http://<host>:<port>' }),
      generation: z.enum(['A', 'B', 'C']),
      /** Connections to the server at most. */
      connections: count(256, 10_000),
    }),
    /** Public half of the cluster's key pair. */
    clusterKey: publicKey.optional(),
    /** The server's own secret (HS256), where it has one. */
    serverSecret: secret.optional(),
    /** Requests of one service and stage; left out: no limit. */
    rate: z
      .strictObject({
        requests: count(10),
        perSeconds: seconds(10),
        queue: count(25).or(z.literal(0)),
      })
      .optional(),
    /** Storage of one service and stage; left out: no limit. */
    storage: z
      .strictObject({
        capMegabytes: z.number().min(0).default(100),
        checkSeconds: seconds(5),
        /** Writes of at least this size are measured for anew. */
        largeKilobytes: z.number().min(0).default(256),
        database: databaseSchema,
      })
      .optional(),
    /** Who may use what; left out: everybody who reaches the port. */
    sources: z
      .strictObject({ management: z.array(source).optional(), data: z.array(source).optional() })
      .default({}),
    /** Proxies whose word on the client's address is taken. */
    trustedProxies: z.array(source).default([]),
    limits: z
      .strictObject({
        connections: count(10_000),
        webSockets: count(1_000),
        /** Of what has to be read as a whole: management requests, and writes near the cap. */
        bodyMegabytes: z.number().min(0.01).max(256).default(8),
      })
      .prefault({}),
    timeouts: z
      .strictObject({
        headersSeconds: seconds(10),
        /** For a whole request to arrive. */
        requestSeconds: seconds(300),
        /** For a client that neither sends what it has begun nor takes what it is sent. */
        idleSeconds: seconds(60),
        keepAliveSeconds: seconds(65),
        /** For the server to begin its answer, and between two parts of it. */
        serverSeconds: seconds(300),
        webSocketIdleSeconds: seconds(3_600),
        /** For requests under way when the gateway is told to stop. */
        drainSeconds: seconds(8),
      })
      .prefault({}),
  })
  .check(({ value, issues }) => {
    const problem = (path: string, message: string) =>
      issues.push({ code: 'custom', path: [path], message, input: undefined });
    const { server, clusterKey, serverSecret } = value;
    if (server.generation === 'A' && serverSecret)
      problem('serverSecret', 'servers up to 1.6 have none');
    if (server.generation === 'C' && !serverSecret)
      problem('serverSecret', 'is missing: servers from 1.27 on check tokens with it only');
    if (!clusterKey && !serverSecret)
      problem('clusterKey', 'is missing, and so is serverSecret: no token could be checked');
  });

/** Everything that the gateway is told at its start. */
export type GatewaySettings = z.output<typeof settingsSchema>;
/** Where the data lives that is measured. */
export type MeasuredDatabase = z.output<typeof databaseSchema>;

function isRsaPublicKey(pem: string): boolean {
  if (!/-----BEGIN (RSA )?PUBLIC KEY-----/.test(pem)) return false;
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(pem);
    return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
  } catch {
    return false;
  }
}

const isRange = (text: string): boolean => ipaddr.isValidCIDR(text) || ipaddr.isValid(text);
