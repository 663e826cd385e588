import { releaseBefore, rolledBack, withInstances } from '../../apps/document/changes.js';
import type { DeployedApp } from '../../apps/document/document.js';
import { ensureEdgesFor } from '../../apps/edge-of.js';
import type { AppsHost } from '../../apps/host.js';
import { cloneInstances } from '../../apps/instances/clone-instances.js';
import { findInstances } from '../../apps/instances/find-instances.js';
import { serve } from '../../apps/serve.js';
import { unfinishedRollback } from '../../apps/unfinished-rollback.js';
import { withClusterLock } from '../../cluster/lock.js';
import { usageError } from '../../lib/errors.js';
import type { ClusterRun } from '../cluster-run.js';
import { Steps, type StepTime } from '../steps.js';
import { requireDocument } from './documents.js';
import { withApps } from './open-apps.js';
import { addressOf } from './outcome.js';
import { requireApp, requireRelease } from './require-app.js';

/** Result of a rollback. Stable: `--json` shows it. */
export interface RollbackResult {
  readonly app: string;
  /** The release that serves now. */
  readonly release: string;
  /** The release that served before. */
  readonly before: string;
  readonly address: string | null;
  readonly steps: readonly StepTime[];
}

/**
 * The steps of `app rollback`: start the containers of an earlier release beside the current ones, wait until they are
 * healthy, swap. It is exactly what served then: image, variables and secrets. After an interrupted rollback it
 * completes that one.
 *
 * @param to id of a release. @default - the one before the current one
 * @throws KitError `app-unknown`, `release-unknown`, `release-current` (exit 2), `release-gone`, `app-ended`,
 * `app-unhealthy` (exit 3)
 */
export const rollbackApp = (run: ClusterRun, name: string, to?: string): Promise<RollbackResult> =>
  withClusterLock(run.context, () =>
    withApps(run, async (host) => {
      const document = await requireDocument(host);
      const app = requireApp(document, name, host);
      const { wanted, replaced } = await choose(host, app, name, to);
      const steps = new Steps(run.context.progress);
      const next = rolledBack(document, name, wanted.id);
      await steps.run('edge', () => ensureEdgesFor(host, [document, next]));
      const names = await steps.run('start', () => cloneInstances(host, name, wanted, wanted.id));
      await steps.run('swap', () => serve(host, withInstances(next, name, wanted.id, names)));
      return {
        ...{ app: name, release: wanted.id, before: replaced },
        ...{ address: addressOf(wanted, host), steps: steps.times },
      };
    }),
  );

/** The release that is to serve, and the one that it replaces; those of an interrupted rollback when there was one. */
async function choose(
  { engine, marks }: AppsHost,
  app: DeployedApp,
  name: string,
  to: string | undefined,
) {
  const unfinished = unfinishedRollback(app, name, await findInstances(engine, marks.cluster));
  const isAgain = unfinished !== undefined && (to === undefined || to === app.current);
  if (isAgain) return { wanted: requireRelease(app, app.current), replaced: unfinished.id };
  const wanted = to === undefined ? releaseBefore(app) : requireRelease(app, to);
  if (wanted === undefined) throw noneBefore(name, app.current);
  if (wanted.id === app.current) throw isCurrent(wanted.id);
  return { wanted, replaced: app.current };
}

const noneBefore = (name: string, current: string) =>
  usageError('release-unknown', {
    path: name,
    message: `there is no release before ${current}`,
    hint: 'Name one with --to; `clusterkit app list` shows those that there are.',
  });

const isCurrent = (id: string) =>
  usageError('release-current', {
    path: id,
    message: 'is the release that serves',
    hint: 'Name another one with --to; `clusterkit app list` shows those that there are.',
  });
