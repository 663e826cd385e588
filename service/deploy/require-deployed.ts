import { setTimeout as sleep } from 'node:timers/promises';
import { environmentError } from '../../lib/errors.js';
import type { ResolvedEntry } from '../../registry/resolve-entry.js';
import type { Service } from '../prisma-yml/service.js';
import type { Target } from './choose-target.js';
import { datamodelDifferences } from './datamodel-differences.js';
import { fetchApiTypes } from './fetch-api-types.js';
import { fetchService, type RequestContext, type Server } from './fetch-service.js';
import {
  isRunning,
  type Judgement,
  judgeDeployment,
  type ServiceState,
} from './verify-deployment.js';

/** Input of {@link requireDeployed}. */
export interface Deployed {
  readonly entry: ResolvedEntry;
  readonly server: Server;
  readonly target: Target;
  readonly service: Service;
  readonly before: ServiceState | undefined;
  /** Name of the CLI, for messages. */
  readonly cli: string;
}

/** Migrations may continue after the CLI has exited. */
const MIGRATION_MS = 60_000;
/** A server publishes a new datamodel shortly after its migration. */
const SETTLE_MS = 5000;
const POLL_MS = 300;

/**
 * Verifies that the server has the service with the new datamodel, because some CLIs exit with 0 without
 * deploying anything.
 *
 * @returns whether the datamodel could be compared
 * @throws KitError `not-deployed` (exit 3)
 */
export async function requireDeployed(
  deployed: Deployed,
  context: RequestContext,
): Promise<boolean> {
  const { entry, target, cli } = deployed;
  const startedAt = performance.now();
  for (;;) {
    const { judgement, running } = await compare(deployed, context);
    if (judgement.deployed) return judgement.sure;
    if (performance.now() - startedAt > (running ? MIGRATION_MS : SETTLE_MS)) {
      throw environmentError('not-deployed', {
        path: `${target.service}/${target.stage} on ${entry.name} (${entry.host})`,
        message: `${cli} exited with code 0, but ${judgement.reason}`,
        hint: 'Its output above may show the reason. Run it again; if it fails again, use a CLI that fits the server.',
      });
    }
    await sleep(POLL_MS, undefined, { signal: context.signal });
  }
}

async function compare(
  { entry, server, target, service, before }: Deployed,
  context: RequestContext,
): Promise<{ judgement: Judgement; running: boolean }> {
  const after = await fetchService(entry, server, target.service, target.stage, context);
  const place = { host: entry.host, service: target.service, stage: target.stage };
  const types =
    after && (await fetchApiTypes(place, service.secrets, { ...context, trust: entry.trust }));
  const differences = types && datamodelDifferences(service.types, types);
  return {
    judgement: judgeDeployment({ before, after, differences }),
    running: isRunning(after),
  };
}
