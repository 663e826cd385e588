import { z } from 'zod';
import { image } from '../common-schema.js';
import { memory } from '../memory.js';
import { source } from '../source.js';
import { duration } from './duration.js';
import { APP_NAME } from './settings.js';

const PATH = 'should be a path relative to this file';
const PORT = 'should be a port such as 3000, or "8080:3000" for port 8080 of the machine';
const DOMAIN = 'should be a name such as app.example.com';
const HEALTH = 'should be a path such as /healthz';
const COMMAND = 'should be a line for a shell, or a list of a program and its arguments';
const VARIABLE = 'should be the name of an environment variable, such as API_KEY';
const VALUE = 'should be a text, a number, true or false';
const SERVICE = 'should be a service and its stage such as blog/dev, or { directory: ./blog }';
const SECRET =
  'should be the name of an environment variable, or { name, env } or { name, file } for a secret from elsewhere';

const path = z.string(PATH).min(1, PATH);
const variable = z.string(VARIABLE).regex(/^[A-Za-z_][A-Za-z0-9_]*$/, VARIABLE);
const command = (description: string) =>
  z
    .union([z.string(COMMAND).min(1, COMMAND), z.array(z.string(COMMAND)).min(1, COMMAND)], COMMAND)
    .describe(description)
    .optional();
const whole = (least: number, most: number) => {
  const what = `should be a whole number from ${least} to ${most}`;
  return z.int(what).min(least, what).max(most, what);
};
const portNumber = z.int(PORT).min(1, PORT).max(65_535, PORT);

/** The longest list of a host name's labels that DNS allows. */
const domain = z
  .string(DOMAIN)
  .regex(/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/, DOMAIN);

const app = z.strictObject({
  image: image.describe('Image of the application.').optional(),
  build: path
    .describe('Directory with a Dockerfile; the Docker engine of this machine builds it.')
    .optional(),
  function: path
    .describe(
      'Directory or file of a function in Node.js, for @google-cloud/functions-framework. It runs while there are requests.',
    )
    .optional(),
  port: z
    .union([portNumber, z.string(PORT).regex(/^\d{1,5}:\d{1,5}$/, PORT)], PORT)
    .describe(
      'Port on which it listens, and of the machine that leads to it; "8080:3000" where they differ. With domain only the port on which it listens. Of a function: the port of the machine. It gets the variable PORT. Default: it receives no requests.',
    )
    .optional(),
  domain: z
    .union([domain, z.array(domain).min(1, DOMAIN)], DOMAIN)
    .describe('Host names that lead to it by https, on droplets with domain.')
    .optional(),
  sources: z
    .array(source)
    .min(1, 'should name at least one source')
    .describe(
      'Addresses and blocks of addresses that may reach it on a droplet, by its port and its host names. Default: everybody.',
    )
    .optional(),
  health: z
    .string(HEALTH)
    .regex(/^\/[^\s?#"\\]{0,200}(\?[^\s#"\\]{0,200})?$/, HEALTH)
    .describe(
      'Path that answers with 200 when it can serve: a release gets requests only then. Default: its port accepts connections.',
    )
    .optional(),
  command: command(
    "Command of its containers: a line for a shell, or a list. Default: the image's own.",
  ),
  release: command(
    'Runs once in a container of its own before a release gets requests, such as a deployment. When it fails, the release before goes on.',
  ),
  env: z
    .record(variable, z.union([z.string(VALUE), z.number(VALUE), z.boolean(VALUE)], VALUE))
    .describe('Variables of its environment. Nothing secret: see secrets.')
    .optional(),
  secrets: z
    .array(
      z.union(
        [
          variable,
          z.strictObject({ name: variable, env: variable }),
          z.strictObject({ name: variable, file: path }),
        ],
        SECRET,
      ),
    )
    .describe(
      'Secrets that it receives as variables, from the environment of whoever deploys or from files.',
    )
    .optional(),
  service: z
    .union(
      [
        z.string(SERVICE).regex(/^[A-Za-z][\w-]*\/[A-Za-z][\w-]*$/, SERVICE),
        z.strictObject({ directory: path.describe('Directory with the prisma.yml.') }),
      ],
      SERVICE,
    )
    .describe(
      'Service that it uses: it receives PRISMA_ENDPOINT, and PRISMA_SECRET when the service has a secret.',
    )
    .optional(),
  database: z
    .literal('direct', 'should be direct')
    .describe(
      'direct: it receives DATABASE_URL, with access to the data of its service, through a pool. PostgreSQL only.',
    )
    .optional(),
  connections: whole(1, 1000)
    .describe(
      'Connections to the database that all its instances share. Default: 10, of a function one for each instance.',
    )
    .optional(),
  instances: whole(1, 50)
    .describe('Number of containers; of a function the most. Default: 1, of a function 2.')
    .optional(),
  memory: memory('Memory of each instance: megabytes, or a text such as "1g". Default: 256.', 16),
  drain: duration()
    .describe('Longest wait for requests that run when a release is replaced. Default: 30s.')
    .optional(),
  timeout: duration()
    .describe(
      'Longest time of a request to a function; of an application, without a byte of the answer. Default: 60s.',
    )
    .optional(),
  idle: z
    .union([z.literal(false), duration()])
    .describe(
      'Functions: time without requests until an instance is frozen; it keeps its memory. false: never. Default: 30s.',
    )
    .optional(),
  stop: z
    .union([z.literal(false), duration()])
    .describe(
      'Functions: time without requests until an instance is stopped. false: never. Default: 15m.',
    )
    .optional(),
  concurrency: whole(1, 1000)
    .describe('Functions: requests of one instance at the same time. Default: 10.')
    .optional(),
});

/** An application as the schema parsed it. */
export type AppEntry = z.infer<typeof app>;

const NAME = 'should be a name of at most 30 lower-case letters, digits and dashes';

/** The applications of a cluster, on every target. */
export const apps = z
  .record(z.string().regex(APP_NAME, NAME), app)
  .describe(
    'Applications beside the server, by name: containers that always run, and functions that run on demand.',
  )
  .optional();
