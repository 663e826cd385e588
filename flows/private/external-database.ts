import { isBundledServer } from '../../lib/bundled-images.js';
import type { DatabaseLogin } from '../../lib/database-login.js';
import { KitError } from '../../lib/errors.js';
import { readDatabaseId } from '../../lib/keys/database-id.js';
import { keyDirectory } from '../../lib/keys/key-directory.js';
import { readDatabasePassword } from '../../lib/keys/key-store.js';
import type { SettingsPlace } from '../../lib/private-database/login-problem.js';
import type { ClusterSettings } from '../../lib/settings/cluster-settings.js';
import { commonFacts } from '../../lib/stage-facts.js';
import { checkDatabase, claimDatabase, releaseDatabase } from '../../scripts/claim-database.js';
import { loginOf } from '../../scripts/configure.js';
import { type ClusterWorld, placesOf } from '../cluster-world.js';

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
  const isBundled = isBundledServer(settings.server.image);
  const claimant = { ...claimantOf(settings, world), isBundled };
  await checkDatabase(login, claimant, placeOf(settings), world.signal);
}

/** Makes the database the cluster's, before anything works on it. @throws KitError `database-…` */
export async function claimExternalDatabase(
  settings: ClusterSettings,
  world: ClusterWorld,
): Promise<void> {
  const login = await loginOf(factsOf(settings, world), world.env);
  if (login === undefined) return;
  await claimDatabase(login, claimantOf(settings, world), placeOf(settings), world.signal);
}

/** What `down` did about a database of one's own, whose data it never touches. */
export type DatabaseOutcome =
  /** Free for any cluster. */
  | 'released'
  /** It was not the cluster's. */
  | 'not ours'
  /** It still says that it is the cluster's: it could not be reached. */
  | 'marked';

/**
 * Reads what is needed to give a database back, while the key store is there.
 * @returns what gives it back, to be called when nothing works on it any more; `undefined`: there is none
 */
export async function prepareRelease(
  settings: ClusterSettings | undefined,
  world: ClusterWorld,
): Promise<(() => Promise<DatabaseOutcome>) | undefined> {
  const id = await readDatabaseId(keyDirectory(world.project.stateDir, world.cluster));
  if (settings === undefined && id !== undefined) {
    return async () => marked(world, 'clusters.yml no longer names it');
  }
  if (settings?.database.external === undefined) return undefined;
  if (id === undefined) return async () => 'not ours';
  const login = await keptLoginOf(settings, world).catch((error: unknown) => error);
  return async () => {
    try {
      if (login instanceof Error) throw login;
      const released = await releaseDatabase(login as DatabaseLogin, id, placeOf(settings));
      return released ? 'released' : 'not ours';
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      return marked(world, error.message);
    }
  };
}

function marked({ steps }: ClusterWorld, why: string): DatabaseOutcome {
  steps.warn(
    `the database still says that it is this cluster's: ${why}\n  Its next cluster is brought up with --adopt-database.`,
  );
  return 'marked';
}

const factsOf = (settings: ClusterSettings, world: ClusterWorld) =>
  commonFacts(settings, placesOf(world, ''));

/** With the password as the last `up` had it, where this command is not told: it need not be. */
async function keptLoginOf(settings: ClusterSettings, world: ClusterWorld) {
  const password = factsOf(settings, world).external?.password;
  const kept = await readDatabasePassword(keyDirectory(world.project.stateDir, settings.name));
  if (password === undefined || 'file' in password || world.env[password.env] || !kept) {
    return loginOf(factsOf(settings, world), world.env);
  }
  return loginOf(factsOf(settings, world), { [password.env]: kept.reveal() });
}

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
      reachHint: 'It has to be reached from this machine as well as from the droplet.',
    }),
  };
}
