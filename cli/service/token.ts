import { resolve } from 'node:path';
import { EXIT } from '../../lib/errors.js';
import { parseDuration } from '../../prisma/tokens/duration.js';
import { makeServiceToken } from '../../service/service-token.js';
import type { Context, SharedOptions } from '../context.js';

/** `clusterkit token [DIR]`: prints a token for the API of a service, and nothing else on stdout. */
export async function token(
  context: Context,
  options: SharedOptions & { project?: string; envFile?: string; ttl: string },
  directory = '.',
): Promise<number> {
  const { cwd, env, report } = context;
  const path = (given: string | undefined) =>
    given === undefined ? undefined : resolve(cwd, given);
  const made = await makeServiceToken(
    {
      directory: resolve(cwd, directory),
      project: path(options.project),
      envFile: path(options.envFile),
      flags: {},
      env,
      ttlSeconds: parseDuration(options.ttl, '--ttl'),
    },
    context.now(),
  );
  const { service, stage, expires } = made;
  report.json({ service, stage, token: made.token.reveal(), expires });
  report.say(made.token.reveal());
  return EXIT.done;
}
