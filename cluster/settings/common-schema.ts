import { isIP } from 'node:net';
import { z } from 'zod';
import { memory } from './memory.js';

const IMAGE = /^[a-z0-9]+([._/:@-]+[A-Za-z0-9]+)*$/;

/** The versions that `generationOf` accepts, as a pattern for the JSON Schema. */
const VERSION = /^1\.\d+($|[.+-])/;

const DATABASE =
  'should be { connector, image }, { external: … } or, on a droplet, { managed: true, connector }';
const ENVIRONMENT_NAME = 'should be the name of an environment variable, such as DATABASE_PASSWORD';

const JAVA_OPTIONS =
  'should be options of a JVM with a blank between them, such as "-Xmx700m -XX:+UseG1GC"';
const CONNECTIONS = 'should be a whole number from 2 to 1000';
const SCHEMA = 'should be the name of a PostgreSQL schema, such as public';

const PORT = 'should be a whole number from 1 to 65535';
const port = z.int(PORT).min(1, PORT).max(65535, PORT);

/** One of some words; the error lists them. */
export const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, `should be one of ${values.join(', ')}`);

/** An image, with or without registry and tag. */
export const image = z
  .string()
  .regex(IMAGE, 'should be an image reference such as prismagraphql/prisma:1.8');

const name = (what: string) =>
  z
    .string(`should be the name of ${what}`)
    .regex(/^[A-Za-z_][A-Za-z0-9_$-]{0,62}$/, `should be the name of ${what}`);

/** The server of a cluster on every target. */
export const server = z.strictObject({
  image: image.describe(
    'Image of the Prisma 1 server. It is pulled only when the engine does not have it.',
  ),
  version: z
    .string({
      error: 'should be a string in quotes, such as "1.8" (1.10 without quotes is read as 1.1)',
    })
    .regex(VERSION, 'should be a Prisma 1 server version such as "1.8" or "1.34.12"')
    .describe(
      'Version whose protocol the server speaks; required when the image tag does not have it.',
    )
    .optional(),
  auth: oneOf(['rsa', 'secret'])
    .describe(
      'How the server checks cluster tokens. rsa: with a key pair, for CLIs up to 1.8. secret: with a shared secret, for CLIs from 1.7 on. Servers up to 1.6 know rsa only, servers from 1.27 on secret only. Default: rsa where both are possible.',
    )
    .optional(),
  memory: memory(
    'Memory of the server: megabytes, or a text such as "2g". Default: 1024 on this machine, on a droplet two thirds of what is free.',
  ),
  javaOptions: z
    .string(JAVA_OPTIONS)
    .regex(/^-[A-Za-z][^\s"'`$\\;&|<>(){}]*( +-[A-Za-z][^\s"'`$\\;&|<>(){}]*)*$/, JAVA_OPTIONS)
    .max(2000, JAVA_OPTIONS)
    .describe(
      'Options for the JVM of an upstream server, such as "-Xmx700m -XX:+UseG1GC", after those of clusterkit (JAVA_OPTS). They are not secret. Default: a heap that fits memory.',
    )
    .optional(),
});

const connector = oneOf(['postgres', 'mysql']).describe('Kind of the database.');

/** An external database. */
const external = z
  .strictObject({
    connector,
    host: z
      .string('should be a host name or an address')
      .regex(/^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$/, {
        error: 'should be a host name or an address',
        abort: true,
      })
      .refine(
        (host) => !host.includes(':') || isIP(host) === 6,
        'should be a host name or an address; its port is a key of its own',
      )
      .describe('Host name or address of the database, as in its certificate.'),
    port: port
      .describe('Port of the database. Default: 5432 for postgres, 3306 for mysql.')
      .optional(),
    user: name('a user of the database').describe('User that the server logs in as.'),
    passwordFile: z
      .string('should be a path')
      .min(1, 'should be a path')
      .describe('File with the password, relative to this file.')
      .optional(),
    passwordEnv: z
      .string(ENVIRONMENT_NAME)
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, ENVIRONMENT_NAME)
      .describe('Environment variable with the password.')
      .optional(),
    database: name('a database')
      .default('prisma')
      .describe("Database for the server's own tables; on postgres also for the services."),
    ssl: oneOf(['verify-full', 'disable'])
      .default('verify-full')
      .describe(
        'verify-full: TLS; the certificate and its name are checked. disable: no TLS, for networks that nobody else uses.',
      ),
    caFile: z
      .string('should be a path')
      .min(1, 'should be a path')
      .describe(
        'File with the certificate authority of the database (PEM), relative to this file. Default: the well-known authorities.',
      )
      .optional(),
    checkFrom: oneOf(['here', 'host'])
      .describe(
        'Machine that connects to the database to check, claim and release it. here: this machine, before anything is created. host: the droplet, before any container is created; for databases that only the droplet reaches. Default: here.',
      )
      .optional(),
  })
  .describe('An existing database. It is neither created nor removed.');

/** Of every database: what upstream's configuration calls the same, and memory. */
const anyDatabase = {
  connectionLimit: z
    .int(CONNECTIONS)
    .min(2, CONNECTIONS)
    .max(1000, CONNECTIONS)
    .describe(
      'Connections of the server to its database. Servers from 1.7 to 1.11 open about ten times as many, servers up to 1.6 twice. Default: 10.',
    )
    .optional(),
  rawAccess: z
    .boolean('should be true or false')
    .describe(
      'Whether services have executeRaw, for SQL of their own. Servers from 1.17 on; not the bundled server. Default: false.',
    )
    .optional(),
  schema: z
    .string(SCHEMA)
    .regex(/^[A-Za-z_][A-Za-z0-9_$-]{0,62}$/, SCHEMA)
    .describe(
      'PostgreSQL schema that all services use, such as one that exists already. Servers from 1.8 on; not the bundled server. Default: each service has its own.',
    )
    .optional(),
  memory: memory(
    'Memory of the database, or of the relay to an external one: megabytes, or a text such as "1g". Default: 512 on this machine, on a droplet one third of what is free; a relay gets 160 or what its connections need.',
  ),
};

/** A database that DigitalOcean runs. */
const managed = z.strictObject({
  ...anyDatabase,
  managed: z
    .literal(true)
    .describe('A managed database of DigitalOcean, created for this cluster.'),
  connector,
  version: z
    .string('should be a version in quotes, such as "15"')
    .regex(/^\d+(\.\d+)?$/, 'should be a version such as "15"')
    .describe('Release of the database. Default: "15" for postgres, "8" for mysql.')
    .optional(),
  size: z
    .string('should be a size, such as db-s-1vcpu-1gb')
    .regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, 'should be a size such as db-s-1vcpu-1gb')
    .default('db-s-1vcpu-1gb')
    .describe('Size of each node.'),
  nodes: z
    .int('should be 1, 2 or 3')
    .min(1, 'should be 1, 2 or 3')
    .max(3, 'should be 1, 2 or 3')
    .default(1)
    .describe('Number of nodes; all but the first are standbys. Default: 1.'),
});

/** The database of a cluster on every target: a container, or an external database. */
export const database = z.union(
  [
    z.strictObject({ connector, image: image.describe('Image of the database.'), ...anyDatabase }),
    z.strictObject({ external, ...anyDatabase }),
  ],
  DATABASE,
);

/** As {@link database}, on targets that have managed databases. */
export const clusterDatabase = z.union([...database.options, managed], DATABASE);

/** The kind of cluster; development clusters have limits. */
export const kind = oneOf(['plain', 'development'])
  .describe('development: a gateway limits requests and storage of each service. Default: plain.')
  .optional();

const whole = (what: string, min: number) => z.int(what).min(min, what).max(1_000_000, what);
const AT_LEAST_ONE = 'should be a whole number from 1 to 1000000';

/** Limits of each service and stage of a development cluster. */
export const limits = z
  .strictObject({
    requests: whole(AT_LEAST_ONE, 1)
      .default(10)
      .describe('Requests that a service may make on average in perSeconds. Default: 10.'),
    perSeconds: whole(AT_LEAST_ONE, 1).default(10).describe('Seconds for requests. Default: 10.'),
    queue: whole('should be a whole number from 0 to 1000000', 0)
      .default(25)
      .describe('Further requests that wait; the next one is refused. Default: 25.'),
    storageMb: whole(AT_LEAST_ONE, 1)
      .default(100)
      .describe('Data in megabytes; beyond it a service can only read and delete. Default: 100.'),
  })
  .describe('Limits of each service and stage, for kind: development.');

/** The gateway in front of the server. */
export const gateway = z
  .union(
    [
      z.boolean(),
      z.strictObject({
        image: image
          .describe('Image of the gateway. Default: the bundled clusterkit/gateway.')
          .optional(),
        proxyImage: image
          .describe('Image of Caddy, the proxy for https. Default: the bundled one.')
          .optional(),
      }),
    ],
    'should be true, false, or its images',
  )
  .describe(
    'Whether a gateway stands before the server. Default: true when kind, data, domain or tls need one.',
  )
  .optional();

/** A port, 4466 by default. */
export const portWith = (description: string) => port.default(4466).describe(description);

/** A port; its default depends on other settings. */
export const optionalPort = (description: string) => port.optional().describe(description);
