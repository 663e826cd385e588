import type { AppSettings } from '../cluster/settings/apps/settings.js';
import { type Problem, usageError } from '../lib/errors.js';
import { combine } from '../targets/common/preflight.js';
import { pathProblems } from './paths.js';
import { readAppSecrets } from './secrets.js';

/** What {@link checkApps} takes. */
export interface AppsCheck {
  readonly cluster: string;
  readonly apps: readonly AppSettings[];
  /** Absolute path of `clusters.yml`. */
  readonly configFile: string;
  readonly env: NodeJS.ProcessEnv;
  /** Names of applications that have containers; asked only when a secret is missing. */
  readonly deployed: () => Promise<ReadonlySet<string>>;
}

/**
 * Checks what applications need of this machine, before anything is created: paths and secrets. What an application
 * is made from includes its secrets, so without them nobody can tell whether a deployed one has changed: it stays as
 * it is, with a warning. One that is not deployed yet cannot be made.
 *
 * @returns warnings about applications that stay as they are
 * @throws KitError `app-path-missing`, `app-secret-missing` (exit 2), with all problems
 */
export async function checkApps({
  cluster,
  apps,
  configFile,
  env,
  deployed,
}: AppsCheck): Promise<readonly string[]> {
  const full = (problem: Problem): Problem => ({
    ...problem,
    path: `clusters.${cluster}.${problem.path}`,
  });
  const paths = (await Promise.all(apps.map((app) => pathProblems(app, configFile)))).flat();
  const read = await Promise.all(
    apps.map(async (app) => ({ app, ...(await readAppSecrets(app, env, configFile)) })),
  );
  const lacking = read.filter(({ missing }) => missing.length > 0);
  const present = lacking.length === 0 ? new Set<string>() : await deployed();
  const [kept, impossible] = [true, false].map((is) =>
    lacking.filter(({ app }) => present.has(app.name) === is),
  );
  const secrets = (impossible ?? []).flatMap(({ problems }) => problems);
  const errors = [
    ...(paths.length > 0 ? [usageError('app-path-missing', paths.map(full))] : []),
    ...(secrets.length > 0 ? [usageError('app-secret-missing', secrets.map(full))] : []),
  ];
  if (errors.length > 0) throw combine(errors);
  return (kept ?? []).map(
    ({ app, missing }) =>
      `application ${app.name} stays as it is: without ${missing.join(', ')} nobody can tell whether it has changed`,
  );
}
