import { isBundledServer } from '../../cluster/bundled-images.js';
import { type ClusterWorld, placesOf } from '../../cluster/context.js';
import { keyDirectory } from '../../cluster/keys/key-directory.js';
import type { SettingsPlace } from '../../external-database/login-problem.js';
import type { ClusterSettings } from '../clusters-file/cluster-settings.js';
import { checkDatabase, claimDatabase } from './stages/claim-database.js';
import { loginOf } from './stages/configure.js';
import { commonFacts } from './stages/facts.js';
import { ADOPT_DATABASE } from './stages/through-host.js';

/**
 * Can the cluster use the database that its settings name? Nothing to do for a cluster without one.
 * @throws KitError `database-…` (exit 2 or 3) with all problems
 */
export async function checkExternalDatabase(
  settings: ClusterSettings,
  world: ClusterWorld,
): Promise<void> {
  const login = await loginOf(factsOf(settings, world), world.env);
  if (login === undefined) return;
  if (isCheckedOnHost(settings)) {
    const { host, port } = login;
    world.steps.done(`database ${host}:${port}: checked from the droplet, once it stands`);
    return;
  }
  const isBundled = isBundledServer(settings.server.image);
  const claimant = { ...claimantOf(settings, world), isBundled };
  await checkDatabase(login, claimant, placeOf(settings), world.signal);
}

/**
 * Makes the database the cluster's, before anything works on it; where only the droplet reaches it, its
 * stage does. @throws KitError `database-…`
 */
export async function claimExternalDatabase(
  settings: ClusterSettings,
  world: ClusterWorld,
): Promise<void> {
  const login = await loginOf(factsOf(settings, world), world.env);
  if (login === undefined || isCheckedOnHost(settings)) return;
  await claimDatabase(login, claimantOf(settings, world), placeOf(settings), world.signal);
}

/** What the stage that takes a database through the droplet is told of this run alone. */
export const adoptionIn = ({ adoptDatabase }: ClusterWorld): NodeJS.ProcessEnv =>
  adoptDatabase ? { [ADOPT_DATABASE]: '1' } : {};

const isCheckedOnHost = ({ database }: ClusterSettings) => database.external?.checkFrom === 'host';

const factsOf = (settings: ClusterSettings, world: ClusterWorld) =>
  commonFacts(settings, placesOf(world, ''));

const claimantOf = (settings: ClusterSettings, world: ClusterWorld) => ({
  cluster: settings.name,
  keyDirectory: keyDirectory(world.project.stateDir, settings.name),
  version: settings.server.version,
  adopt: world.adoptDatabase ?? false,
});

function placeOf({ name, database, target }: ClusterSettings): SettingsPlace {
  const isFile = database.external !== undefined && 'file' in database.external.password;
  return {
    path: `clusters.${name}.database.external`,
    passwordKey: isFile ? 'passwordFile' : 'passwordEnv',
    ...(target === 'digitalocean' && {
      reachHint:
        'It has to be reached from this machine as well as from the droplet, unless checkFrom is host.',
    }),
  };
}
