import { text as readAll } from 'node:stream/consumers';
import { EXIT } from '../../lib/errors.js';
import { Secret } from '../../lib/secret.js';
import { verifyToken as verify } from '../../prisma/tokens/verify-token.js';
import type { Context, SharedOptions } from '../context.js';
import { entryOf } from './inputs.js';

/** `clusterkit cluster verify-token NAME`: reads a token from stdin; ends with 4 when it is not valid. */
export async function verifyToken(
  context: Context,
  _: SharedOptions,
  name: string,
): Promise<number> {
  const { secret } = await entryOf(context, 'verify-token', name);
  const verdict = await verify(new Secret(await readAll(context.stdin)), secret, context.now());
  context.report.json({ cluster: name, ...verdict });
  context.report.say(
    verdict.valid
      ? `valid until ${verdict.expires}: ${verdict.grants.map((g) => `${g.action} on ${g.target}`).join(', ')}`
      : `not valid: ${verdict.reason}`,
  );
  return verdict.valid ? EXIT.done : EXIT.finding;
}
