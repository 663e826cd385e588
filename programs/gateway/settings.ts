import { createPublicKey } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { DATABASES } from '../../cluster/databases.js';
import { usageError } from '../../lib/errors.js';
import { Secret } from '../../lib/secret.js';
import { loadConfiguration, type ReadFile } from '../configuration-file.js';

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
    /** TLS that checks the certificate. */
    ssl: z.boolean().default(false),
  })
  .transform((given) => ({ ...given, port: given.port ?? DATABASES[given.connector].port }));

/** The gateway's settings. Unknown keys are errors. */
export const settingsSchema = z
  .strictObject({
    /** Port for clients; 0 takes any free port. */
    port: port.default(4466),
    /** Port of `/metrics` and `/healthz`, which must not be public. */
    adminPort: port.default(9464),
    server: z.strictObject({
      url: z.url({ protocol: /^http$/, error: 'must be http://<host>:<port>' }),
      generation: z.enum(['A', 'B', 'C']),
      /** Limit of connections to the server. */
      connections: count(256, 10_000),
    }),
    /** Public half of the cluster's key pair. */
    clusterKey: publicKey.optional(),
    /** The server's own secret (HS256), if it has one. */
    serverSecret: secret.optional(),
    /** The secret derived from the cluster's key pair: clients may sign with it. */
    derivedSecret: secret.optional(),
    /** Limit of requests of each service and stage. @default - none */
    rate: z
      .strictObject({
        requests: count(10),
        perSeconds: seconds(10),
        queue: count(25).or(z.literal(0)),
      })
      .optional(),
    /** Limit of storage of each service and stage. @default - none */
    storage: z
      .strictObject({
        capMegabytes: z.number().min(0).default(100),
        checkSeconds: seconds(5),
        /** Writes of at least this size trigger a new measurement. */
        largeKilobytes: z.number().min(0).default(256),
        database: databaseSchema,
      })
      .optional(),
    /** Allowed sources. @default - everybody who reaches the port */
    sources: z
      .strictObject({ management: z.array(source).optional(), data: z.array(source).optional() })
      .default({}),
    /** Proxies whose `X-Forwarded-For` is trusted. */
    trustedProxies: z.array(source).default([]),
    limits: z
      .strictObject({
        /**
         * Limit of client connections. The engine's port forwarder needs two files for each, and ends
         * when it has no more.
         */
        connections: count(2_000),
        /** Limit of those from one address. */
        connectionsPerSource: count(500),
        webSockets: count(1_000),
        /**
         * Limit of bodies that must be read as a whole: management requests, and writes near the
         * cap.
         */
        bodyMegabytes: z.number().min(0.01).max(256).default(8),
        /** Limit of the bodies of all requests together that are in memory. */
        bodiesMegabytes: z.number().min(0.1).max(4_096).default(24),
      })
      .prefault({}),
    timeouts: z
      .strictObject({
        headersSeconds: seconds(10),
        /** Time limit for a whole request to arrive. */
        requestSeconds: seconds(300),
        /** Time limit for a body that must be read as a whole. */
        bodySeconds: seconds(30),
        /**
         * Time limit for a client that neither sends the rest of its request nor reads its answer.
         */
        idleSeconds: seconds(60),
        keepAliveSeconds: seconds(65),
        /** Time limit for the server to begin its answer, and between two parts of it. */
        serverSeconds: seconds(300),
        webSocketIdleSeconds: seconds(3_600),
        /** Time for running requests when the gateway stops. */
        drainSeconds: seconds(8),
      })
      .prefault({}),
  })
  .check(({ value, issues }) => {
    const problem = (path: string, message: string) =>
      issues.push({ code: 'custom', path: [path], message, input: undefined });
    const { server, clusterKey, serverSecret, derivedSecret } = value;
    if (server.generation === 'A' && serverSecret)
      problem('serverSecret', 'servers up to 1.6 have none');
    if (server.generation === 'C' && !serverSecret)
      problem('serverSecret', 'is missing: servers from 1.27 on verify tokens with it only');
    if (derivedSecret && (!clusterKey || server.generation === 'A'))
      problem('derivedSecret', 'needs a clusterKey, and a server from 1.7 on');
    if (!clusterKey && !serverSecret)
      problem(
        'clusterKey',
        'is missing, and so is serverSecret: the gateway could not verify any token',
      );
  });

/** The complete settings of a gateway. */
export type GatewaySettings = z.output<typeof settingsSchema>;
/** The database whose size is measured. */
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

/**
 * Reads the YAML file that `GATEWAY_CONFIG_PATH` names. @throws KitError with all problems
 */
export function readSettings(env: NodeJS.ProcessEnv, readFile: ReadFile): GatewaySettings {
  const path = env.GATEWAY_CONFIG_PATH;
  if (path) return loadConfiguration(path, settingsSchema, readFile);
  const message = 'is not set: it names the configuration of the gateway';
  throw usageError('configuration-missing', { path: 'GATEWAY_CONFIG_PATH', message });
}
