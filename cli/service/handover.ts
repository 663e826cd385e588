import { parseDuration } from '../../prisma/tokens/duration.js';
import { type Handover, handOver } from '../../service/hand-over.js';
import type { Context, SharedOptions } from '../context.js';
import { type GrantOptions, grantOf } from '../grant-options.js';
import { registryInputs } from '../registry/inputs.js';

/** The options of both `exec` and `env`. */
export interface HandoverOptions extends SharedOptions, GrantOptions {
  readonly ttl: string;
  readonly managementSecret?: boolean;
}

/** What `exec` and `env` give to other tools: access to the whole cluster, unless options narrow it. */
export function handoverOf(
  context: Context,
  verb: string,
  cluster: string,
  options: HandoverOptions,
): Promise<Handover> {
  const { env, now, cwd, report, signal } = context;
  const hint = 'Name one service or stage, or leave the option out for all.';
  return handOver(
    {
      cluster,
      grants: [grantOf(options, hint)],
      ttlSeconds: parseDuration(options.ttl, '--ttl'),
      managementSecret: options.managementSecret === true,
    },
    { registry: registryInputs(context, verb).registry, env, now, cwd, signal, warn: report.warn },
  );
}
