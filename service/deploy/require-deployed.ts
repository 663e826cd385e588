import { setTimeout as sleep } from 'node:timers/promises';
import { environmentError } from '../../lib/errors.js';
import type { ServiceState } from '../../prisma/probe/ask-service.js';
import type { ResolvedEntry } from '../../registry/resolve-entry.js';
import type { Service } from '../prisma-yml/service.js';
import type { Target } from './choose-target.js';
import { datamodelDifferences } from './datamodel-differences.js';
import { fetchApiTypes } from './fetch-api-types.js';
import type { RequestContext, Server } from './fetch-service.js';
import { isRunning, type Judgement, judgeDeployment } from './verify-deployment.js';
import { askState, type Patience, Standstill } from './watch-migration.js';

/** Input of {@link requireDeployed}. */
export interface Deployed {
  readonly entry: ResolvedEntry;
  readonly server: Server;
  readonly target: Target;
  readonly service: Service;
  readonly before: ServiceState | undefined;
  /** Name of the CLI, for messages. */
  readonly cli: string;
  /** What to do about a deployment that did not take place. */
  readonly hint: (why: Extract<Judgement, { deployed: false }>) => string;
}

/** A server publishes a new datamodel shortly after its migration. */
const SETTLE_MS = 5000;
/** A server that restarts, or whose database does, says nothing clear for a while. */
const SILENT_MS = 60_000;
const POLL_MS = 300;

/**
 * Verifies that the server has the service with the new datamodel, because some CLIs exit with 0 without
 * deploying anything. An unclear answer is no answer: the question is repeated.
 *
 * @returns whether the datamodel could be compared
 * @throws KitError `not-deployed`, `deployment-stuck`, `server-silent` (exit 3)
 */
export async function requireDeployed(
  deployed: Deployed,
  context: RequestContext & { readonly warn: (text: string) => void },
  { settleMs = SETTLE_MS, silentMs = SILENT_MS, ...patience }: Patience & Settling = {},
): Promise<boolean> {
  const { entry, target, cli } = deployed;
  const path = `${target.service}/${target.stage} on ${entry.name} (${entry.host})`;
  const standstill = new Standstill(deployed, patience, context.warn);
  let settledAt = performance.now();
  let silentSince: number | undefined;
  for (;;) {
    const after = await askState(deployed, context);
    if (typeof after === 'string') {
      silentSince ??= performance.now();
      if (performance.now() - silentSince > silentMs) {
        throw environmentError('server-silent', {
          path,
          message: `${cli} exited with code 0, but ${after}`,
          hint: `Look at it (clusterkit status ${entry.name}), then run the same command again: it changes nothing that is deployed.`,
        });
      }
    } else {
      silentSince = undefined;
      const judgement = await judge(deployed, after, context);
      if (judgement.deployed) return judgement.sure;
      if (isRunning(after)) {
        if (standstill.note(after)) throw standstill.error(after);
        settledAt = performance.now();
      } else if (performance.now() - settledAt > settleMs) {
        throw environmentError('not-deployed', {
          path,
          message: `${cli} exited with code 0, but ${judgement.reason}`,
          hint: deployed.hint(judgement),
        });
      }
    }
    await sleep(POLL_MS, undefined, { signal: context.signal });
  }
}

/** Time that a finished migration has to become visible, and that a server may say nothing clear. */
interface Settling {
  readonly settleMs?: number;
  readonly silentMs?: number;
}

async function judge(
  { entry, target, service, before }: Deployed,
  after: ServiceState | undefined,
  context: RequestContext,
): Promise<Judgement> {
  const place = { host: entry.host, service: target.service, stage: target.stage };
  const types =
    after && (await fetchApiTypes(place, service.secrets, { ...context, trust: entry.trust }));
  const differences = types && datamodelDifferences(service.types, types);
  return judgeDeployment({ before, after, differences });
}
