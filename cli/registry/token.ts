import { EXIT } from '../../lib/errors.js';
import { shellWords } from '../../lib/shell-words.js';
import { expiryOf, mintClusterToken } from '../../prisma/tokens/cluster-token.js';
import { parseDuration } from '../../prisma/tokens/duration.js';
import type { Context, SharedOptions } from '../context.js';
import { type GrantOptions, grantOf } from '../grant-options.js';
import { entryOf } from './inputs.js';

/** `clusterkit cluster token NAME --service S --stage T`: prints a token, and nothing else on stdout. */
export async function token(
  context: Context,
  options: SharedOptions & GrantOptions & { ttl: string },
  name: string,
): Promise<number> {
  const hint = `Name service and stage of the token, or ask for everything: clusterkit cluster token ${shellWords([name])} --service '*' --stage '*' --action '*'`;
  const grant = grantOf(options, hint, ['service', 'stage']);
  const ttlSeconds = parseDuration(options.ttl, '--ttl');
  const { secret: clusterSecret } = await entryOf(context, 'token', name);
  const now = context.now();
  const minted = await mintClusterToken({
    clusterSecret,
    grants: [grant],
    ttlSeconds,
    now,
  });
  const expires = expiryOf(now, ttlSeconds);
  context.report.json({ cluster: name, token: minted.reveal(), grants: [grant], expires });
  context.report.say(minted.reveal());
  return EXIT.done;
}
