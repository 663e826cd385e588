import { EXIT, usageError } from '../../lib/errors.js';
import { mintClusterToken } from '../../lib/tokens/cluster-token.js';
import { parseDuration } from '../../lib/tokens/duration.js';
import type { Context, SharedOptions } from '../context.js';
import { registryWorld, signingSecretOf } from './world.js';

/** The options of `cluster token`. */
export interface TokenOptions extends SharedOptions {
  readonly service?: string;
  readonly stage?: string;
  readonly action: string;
  readonly ttl: string;
}

/** `clusterkit cluster token NAME --service S --stage T`: the token alone on stdout. */
export async function token(
  context: Context,
  options: TokenOptions,
  name: string,
): Promise<number> {
  const { registry } = registryWorld(context, 'token');
  const grant = { target: targetOf(options, name), action: options.action };
  const ttlSeconds = parseDuration(options.ttl, '--ttl');
  const clusterSecret = await signingSecretOf(registry, name);
  const now = context.now();
  const minted = await mintClusterToken({
    clusterSecret,
    grants: [grant],
    ttlSeconds,
    now,
  });
  const expires = new Date((Math.floor(now.getTime() / 1000) + ttlSeconds) * 1000).toISOString();
  context.report.json({ cluster: name, token: minted.reveal(), grants: [grant], expires });
  context.report.say(minted.reveal());
  return EXIT.done;
}

function targetOf({ service, stage }: TokenOptions, name: string): string {
  const given = { '--service': service, '--stage': stage };
  const wrong = Object.entries(given).filter(([, value]) => !/^(\*|[\w.~@-]+)$/.test(value ?? ''));
  if (wrong.length === 0) return `${service}/${stage}`;
  throw usageError(
    'grant-invalid',
    wrong.map(([path, value]) => ({
      path,
      message: value === undefined ? 'is missing' : `'${value}' is not a name`,
      hint: `Name what the token is for, or ask for everything: clusterkit cluster token ${name} --service '*' --stage '*' --action '*'`,
    })),
  );
}
