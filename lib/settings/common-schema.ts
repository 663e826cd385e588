import { z } from 'zod';

const IMAGE = /^[a-z0-9]+([._/:@-]+[A-Za-z0-9]+)*$/;

/** What `generationOf` knows, as a pattern that the JSON Schema can carry. */
const VERSION = /^1\.\d+($|[.+-])/;

const PORT = 'should be a whole number from 1 to 65535';

/** One of a few words; the error lists them. */
export const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, `should be one of ${values.join(', ')}`);

const image = z
  .string()
  .regex(IMAGE, 'should be an image reference such as prismagraphql/prisma:1.8');

/** The server of a cluster on every target. */
export const server = z.strictObject({
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

/** The database of a cluster on every target. */
export const database = z.strictObject({
  connector: oneOf(['postgres', 'mysql']).describe('Kind of the database.'),
  image: image.describe('Image of the database.'),
});

/** A port, 4466 unless written. */
export const portWith = (description: string) =>
  z.int(PORT).min(1, PORT).max(65535, PORT).default(4466).describe(description);
