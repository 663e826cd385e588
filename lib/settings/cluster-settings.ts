import { z } from 'zod';
import type { Auth } from '../auth.js';
import type { Connector } from '../databases.js';

const IMAGE = /^[a-z0-9]+([._/:@-]+[A-Za-z0-9]+)*$/;

/** What `generationOf` knows, as a pattern that the JSON Schema can carry. */
const VERSION = /^1\.\d+($|[.+-])/;

const PORT = 'should be a whole number from 1 to 65535';

const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, `should be one of ${values.join(', ')}`);

const image = z
  .string()
  .regex(IMAGE, 'should be an image reference such as prismagraphql/prisma:1.8');

const server = z.strictObject({
  image: image.describe(
    'Image of the Prisma 1 server. An image that the engine has is not pulled.',
  ),
  version: z
    .string({
      error: 'should be a string in quotes, such as "1.8" (1.10 without quotes is read as 1.1)',
    })
    .regex(VERSION, 'should be a Prisma 1 server version such as "1.8" or "1.34.12"')
    .describe('Version whose protocol the server speaks, when the image tag does not tell.')
    .optional(),
  auth: oneOf(['rsa', 'secret'])
    .describe(
      'How the server checks cluster tokens: a key pair (rsa), which CLIs up to 1.8 sign with, or a shared secret, which CLIs from 1.7 on sign with. Up to 1.6 rsa only, from 1.27 on secret only. Default: rsa where both can be.',
    )
    .optional(),
});

const database = z.strictObject({
  connector: oneOf(['postgres', 'mysql']).describe('Kind of the database.'),
  image: image.describe('Image of the database.'),
});

const cluster = z.strictObject({
  target: oneOf(['docker', 'digitalocean']).describe('Where the cluster runs.'),
  port: z
    .int(PORT)
    .min(1, PORT)
    .max(65535, PORT)
    .default(4466)
    .describe('Port of the server on this machine, bound to loopback.'),
  server,
  database,
});

/** Names end up in container names, hosts and prisma.yml: letters, digits and dashes. */
export const CLUSTER_NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** The whole of `clusters.yml`. Unknown keys are errors. */
export const clustersFile = z.strictObject({
  clusters: z.record(
    z
      .string()
      .regex(CLUSTER_NAME, 'should be a name of at most 40 lower-case letters, digits and dashes'),
    cluster,
  ),
});

/** One entry of `clusters.yml`, with defaults filled in. */
export type ClusterEntry = z.infer<typeof cluster>;

/** A cluster as every later stage takes it. */
export interface ClusterSettings {
  readonly name: string;
  readonly target: 'docker';
  readonly port: number;
  readonly server: { readonly image: string; readonly version: string; readonly auth: Auth };
  readonly database: { readonly connector: Connector; readonly image: string };
}

/** Where clients reach the server; the host of its registry entry. */
export const endpointOf = ({ port }: Pick<ClusterSettings, 'port'>) => `http://localhost:${port}`;
