import type { Capacity } from '../../clients/database/postgres-capacity.js';
import { isBundledServer } from '../../cluster/bundled-images.js';
import { budgetProblems } from '../../cluster/settings/apps/budget-problems.js';
import type { ClusterSettings } from '../../cluster/settings/settings.js';
import type { SettingsPlace } from '../../external-database/login-problem.js';
import type { ClusterContext } from '../context.js';
import { checkDatabase, claimDatabase } from './claim-database.js';
import { ADOPT_DATABASE } from './through-host.js';

/**
 * Checks whether the cluster can use its external database. Does nothing for a cluster without one.
 * @throws KitError `database-…` (exit 2 or 3) with all problems
 */
export async function checkExternalDatabase(
  settings: ClusterSettings,
  context: ClusterContext,
): Promise<void> {
  const login = await context.login();
  if (login === undefined) return;
  if (isCheckedOnHost(settings)) {
    const { host, port } = login;
    context.progress.done(
      `database ${host}:${port}: checked from the cluster's machine, once it runs`,
    );
    return;
  }
  const isBundled = isBundledServer(settings.server.image);
  const budget = (capacity: Capacity) =>
    budgetProblems(`clusters.${settings.name}`, settings, capacity);
  const claimant = { ...claimantOf(settings, context), isBundled, budget };
  await checkDatabase(login, claimant, placeOf(settings, context), context.signal);
}

/**
 * Claims the external database for the cluster, before anything uses it; when only the cluster's machine
 * reaches it, a stage does this instead. @throws KitError `database-…`
 */
export async function claimExternalDatabase(
  settings: ClusterSettings,
  context: ClusterContext,
): Promise<void> {
  const login = await context.login();
  if (login === undefined || isCheckedOnHost(settings)) return;
  await claimDatabase(
    login,
    claimantOf(settings, context),
    placeOf(settings, context),
    context.signal,
  );
}

/** Variables for the stages of this run only: permission to reuse data. */
export const reuseVariables = ({ options }: Pick<ClusterContext, 'options'>): NodeJS.ProcessEnv =>
  options.adoptDatabase ? { [ADOPT_DATABASE]: '1' } : {};

const isCheckedOnHost = ({ database }: ClusterSettings) => database.external?.checkFrom === 'host';

const claimantOf = (settings: ClusterSettings, { keyDirectory, options }: ClusterContext) => ({
  cluster: settings.name,
  keyDirectory,
  version: settings.server.version,
  adopt: options.adoptDatabase,
});

function placeOf({ name, database }: ClusterSettings, { runsHere }: ClusterContext): SettingsPlace {
  const isFile = database.external !== undefined && 'file' in database.external.password;
  return {
    path: `clusters.${name}.database.external`,
    passwordKey: isFile ? 'passwordFile' : 'passwordEnv',
    ...(!runsHere && {
      reachHint: "This machine has to reach it as well as the cluster's, unless checkFrom is host.",
    }),
  };
}
