import { setTimeout as sleep } from 'node:timers/promises';
import { environmentError } from '../../lib/errors.js';
import type { ResolvedEntry } from '../../registry/resolve-entry.js';
import type { Service } from '../prisma-yml/service.js';
import { askForTypes } from './ask-api.js';
import { type AskWorld, askForService, type Server } from './ask-server.js';
import type { Target } from './choose-target.js';
import { datamodelDifferences } from './datamodel-differences.js';
import {
  isUnderWay,
  type Judgement,
  judgeDeployment,
  type ServiceState,
} from './verify-deployment.js';

/** What {@link requireDeployed} looks at. */
export interface Deployed {
  readonly entry: ResolvedEntry;
  readonly server: Server;
  readonly target: Target;
  readonly service: Service;
  readonly before: ServiceState | undefined;
  /** For the error: what exited with 0. */
  readonly cli: string;
}

/** Migrations may go on for a while after the CLI has ended. */
const UNDER_WAY_MS = 60_000;
/** A server shows a new datamodel a moment after its migration. */
const SETTLE_MS = 5000;
const POLL_MS = 300;

/**
 * Asks the server whether the service is there with the datamodel that was sent, because some CLIs
 * exit with 0 and have deployed nothing.
 *
 * @returns whether the datamodel itself could be compared
 * @throws KitError `not-deployed` (exit 3)
 */
export async function requireDeployed(deployed: Deployed, world: AskWorld): Promise<boolean> {
  const { entry, target, cli } = deployed;
  const startedAt = performance.now();
  for (;;) {
    const { judgement, underWay } = await look(deployed, world);
    if (judgement.deployed) return judgement.sure;
    if (performance.now() - startedAt > (underWay ? UNDER_WAY_MS : SETTLE_MS)) {
      throw environmentError('not-deployed', {
        path: `${target.service}/${target.stage} on ${entry.name} (${entry.host})`,
        message: `${cli} ended with exit code 0, but ${judgement.reason}`,
        hint: 'Its output above may say why. Run it again; if it is the same, take the CLI that fits the server.',
      });
    }
    await sleep(POLL_MS, undefined, { signal: world.signal });
  }
}

async function look(
  { entry, server, target, service, before }: Deployed,
  world: AskWorld,
): Promise<{ judgement: Judgement; underWay: boolean }> {
  const after = await askForService(entry, server, target.service, target.stage, world);
  const place = { host: entry.host, service: target.service, stage: target.stage };
  const types =
    after && (await askForTypes(place, service.secrets, { ...world, trust: entry.trust }));
  const differences = types && datamodelDifferences(service.types, types);
  return {
    judgement: judgeDeployment({ before, after, differences }),
    underWay: isUnderWay(after),
  };
}
