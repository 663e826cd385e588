import { type Candidate, type Change, changeOf } from '../../apps/candidate.js';
import { type AppsDocument, currentRelease } from '../../apps/document/document.js';
import { newPlaces } from '../../apps/document/new-places.js';
import { ensureEdgesFor, removeNeedlessEdges } from '../../apps/edge-of.js';
import type { AppLimits, AppsHost } from '../../apps/host.js';
import { findInstances } from '../../apps/instances/find-instances.js';
import { serve } from '../../apps/serve.js';
import { withClusterLock } from '../../cluster/lock.js';
import type { AppSettings } from '../../cluster/settings/apps/settings.js';
import { KitError, usageError } from '../../lib/errors.js';
import type { ClusterRun } from '../cluster-run.js';
import { Steps } from '../steps.js';
import { deployApp } from './deploy-app.js';
import { readOrRecover, requireDocument } from './documents.js';
import { withApps } from './open-apps.js';
import { type AppOutcome, addressOf } from './outcome.js';
import { readCandidate } from './read-candidate.js';
import { restoreApp } from './restore-app.js';

/** Options of {@link deployApps}. */
export interface DeployOptions {
  /** Also what has not changed. */
  readonly force: boolean;
  /** @default APP_LIMITS */
  readonly limits?: AppLimits;
}

/**
 * The steps of `app deploy`: compare, then deploy one application after the other. One that fails does not keep the
 * others from being deployed.
 *
 * @throws KitError with the problems of all that failed; its results are those of the others
 */
export const deployApps = (
  run: ClusterRun,
  apps: readonly AppSettings[],
  { force, limits }: DeployOptions,
): Promise<AppOutcome[]> =>
  withClusterLock(run.context, () =>
    withApps(
      run,
      async (host) => {
        const document = force ? await readOrRecover(host) : await requireDocument(host);
        const isAsked = (change: Change) => force || change !== 'none';
        const done = await deployEach(host, document, apps, { isAsked, mayWait: false });
        if (!run.target.runsHere) warnOfNewPlaces(host, document, done.document);
        return done.outcomes;
      },
      limits,
    ),
  );

/** Elsewhere a firewall and a proxy have to let requests in, and only an `up` changes these. */
function warnOfNewPlaces({ context }: AppsHost, before: AppsDocument, after: AppsDocument): void {
  for (const { app, place } of newPlaces(before, after)) {
    context.progress.warn(
      `${place} of ${app} is new: \`clusterkit up ${context.cluster}\` lets requests in`,
    );
  }
}

/** Which applications {@link deployEach} deploys. */
export interface Wish {
  readonly isAsked: (change: Change) => boolean;
  /** A new application whose service does not exist yet waits for it; else that is a failure. */
  readonly mayWait: boolean;
}

/**
 * Deploys each application whose change is asked for.
 * @returns the outcomes, and what is deployed then
 */
export async function deployEach(
  host: AppsHost,
  deployed: AppsDocument,
  apps: readonly AppSettings[],
  { isAsked, mayWait }: Wish,
) {
  const { context } = host;
  const candidates = await candidatesOf(host, deployed, apps);
  const missing = candidates
    .filter(({ change }) => isAsked(change) && change !== 'restore')
    .flatMap(({ read }) => read.missing);
  if (missing.length > 0) throw usageError('app-secret-missing', missing);

  const steps = new Steps(context.progress);
  let document = deployed;
  const outcomes: AppOutcome[] = [];
  const failed: KitError[] = [];
  let isSettled = false;
  const asked = candidates.filter(({ change }) => isAsked(change));
  await ensureEdgeAhead(host, document, asked);
  for (const { read, change } of candidates) {
    try {
      if (isAsked(change)) {
        document = await makeCurrent(host, document, { read, change }, steps);
        isSettled = true;
      }
      outcomes.push(outcomeOf(host, document, read.app.name, isAsked(change) ? 'asked' : change));
    } catch (error) {
      if (context.signal.aborted) await removeNeedlessEdges(host, document);
      context.signal.throwIfAborted();
      if (!(error instanceof KitError)) throw error;
      const waits = mayWait && change === 'create' && error.code === 'service-absent';
      if (waits) outcomes.push(waiting(read.app.name));
      else failed.push(error);
      isSettled = false;
    }
  }
  if (!isSettled) await settle(host, document, failed);
  const [first] = failed;
  if (first === undefined) return { outcomes, document };
  const problems = failed.flatMap((error) => error.problems);
  throw new KitError(first.code, first.exitCode, problems, { cause: first, done: outcomes });
}

/**
 * Also when nothing was deployed: an earlier run may have ended before the edge had its routes, and one that failed
 * may have left a further edge, or a document that nobody serves.
 */
async function settle(host: AppsHost, document: AppsDocument, failed: KitError[]): Promise<void> {
  try {
    await serve(host, document);
  } catch (error) {
    if (failed.length === 0 || !(error instanceof KitError)) throw error;
    // It mostly fails as the swap did.
    if (!failed.some(({ code }) => code === error.code)) failed.push(error);
  }
}

/**
 * One edge for the ports of all that will be deployed: by itself, each deployment would make a further one for its
 * port.
 */
async function ensureEdgeAhead(host: AppsHost, document: AppsDocument, asked: Compared[]) {
  const ports = asked.flatMap(({ read }) => read.app.published ?? []);
  if (ports.length < 2) return;
  try {
    await ensureEdgesFor(host, [document], ports);
  } catch (error) {
    host.context.signal.throwIfAborted();
    // Such as a port that is taken: then each deployment makes its own, and only that of the port fails.
    if (!(error instanceof KitError)) throw error;
  }
}

/** An application, and what a deployment would do. */
interface Compared {
  readonly read: Candidate;
  readonly change: Change;
}

async function candidatesOf(
  { context, engine, marks }: AppsHost,
  deployed: AppsDocument,
  apps: readonly AppSettings[],
): Promise<Compared[]> {
  const instances = await findInstances(engine, marks.cluster);
  const compared: Compared[] = [];
  for (const app of apps) {
    const read = await readCandidate(app, context, engine);
    compared.push({ read, change: changeOf(deployed, read, instances) });
  }
  return compared;
}

async function makeCurrent(
  host: AppsHost,
  document: AppsDocument,
  { read, change }: Compared,
  steps: Steps,
): Promise<AppsDocument> {
  if (change !== 'restore') return deployApp(host, document, read, steps);
  try {
    return await restoreApp(host, document, read.app.name, steps);
  } catch (error) {
    const isGone = error instanceof KitError && error.code === 'release-gone';
    if (!isGone || read.missing.length > 0) throw error;
    return deployApp(host, document, read, steps);
  }
}

const waiting = (app: string): AppOutcome => ({
  ...{ app, outcome: 'waiting', release: null, address: null },
});

function outcomeOf(
  host: AppsHost,
  document: AppsDocument,
  app: string,
  change: Change | 'asked',
): AppOutcome {
  const release = currentRelease(document, app);
  const address = release ? addressOf(release, host) : null;
  const kept = change === 'held' || change === 'unknown' ? change : 'unchanged';
  const outcome = change === 'asked' ? 'deployed' : kept;
  if (outcome === 'deployed') host.context.progress.done(`application ${app} ${release?.id}`);
  return { app, outcome, release: release?.id ?? null, address };
}
