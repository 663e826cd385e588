import type { DatabaseLogin } from '../../clients/database/database-login.js';
import { isBundledServer } from '../../cluster/bundled-images.js';
import { dataLayoutOf } from '../../cluster/data-layout.js';
import { assertLayoutFits } from '../../cluster/objects/data-conflict.js';
import { loginOf } from '../../external-database/read-login.js';
import { checkDatabase, claimDatabase, databasePlace } from '../common/claim-database.js';
import { type InstallReport, installOn } from '../common/install/install-containers.js';
import { type OnStep, StepLog } from '../common/step-log.js';
import { ADOPT_DATABASE, hostPlace, throughHost } from '../common/through-host.js';
import type { Forwarder } from '../machine.js';
import { awaitEngine, restartEngine } from './engines.js';
import type { DropletFacts } from './facts.js';
import { managedLogin } from './keys/managed-login.js';
import { awaitFirstBoot } from './machine/await-first-boot.js';
import { contactDroplet } from './machine/contact.js';
import { markData } from './machine/data-mark.js';
import { growData } from './machine/grow-data.js';
import { memoryOf } from './machine/memory-of.js';
import { mountVolume, VOLUME_DATA } from './machine/mount-volume.js';
import { ON_DROPLET } from './machine/places.js';

/** Input of an install. */
export type InstallInput = Omit<
  DropletFacts,
  'endpoint' | 'registry' | 'stateFile' | 'attempt' | 'target'
>;

/**
 * Turns a booted droplet into running containers, over one ssh connection. Every step checks the current
 * state first, so that it can be interrupted and repeated.
 *
 * @param onStep called at the end of every step, also of those that only wait
 * @param env may have the password of an external database
 * @param knownLogin login to the external database, if the command has read it already
 * @throws KitError (exit 2 or 3) of the step that failed
 */
export async function install(
  input: InstallInput,
  signal?: AbortSignal,
  onStep?: OnStep,
  env: NodeJS.ProcessEnv = {},
  knownLogin?: DatabaseLogin,
): Promise<InstallReport> {
  const login =
    knownLogin ?? (input.managed ? await managedLogin(input) : await loginOf(input, env));
  const isReachedFromHere = input.external && input.external.checkFrom !== 'host';
  if (login && isReachedFromHere) await claimDatabase(login, input, databasePlace(input), signal);
  const log = new StepLog(onStep);
  const onReached = () => log.done('ssh', 'answers');
  const { connection, hostKey } = await contactDroplet(input, signal, onReached);
  try {
    log.done('host key', hostKey);
    await awaitFirstBoot(connection, { signal });
    log.done('first boot', 'done');
    if (login && input.external?.checkFrom === 'host') {
      log.done('database', await takeThroughHost(connection, login, input, env, signal));
    }
    const volume =
      input.volume === '' ? 'none' : await mountVolume(connection, input.volume, signal);
    log.done('volume', volume);
    if (login === undefined) {
      const layout = dataLayoutOf(input.version, input.connector);
      const disk = input.volume === '' ? ON_DROPLET.state : ON_DROPLET.data;
      assertLayoutFits(input.cluster, layout, await markData(connection, disk, layout, signal));
    }
    const engine = await awaitEngine(connection, signal);
    log.done('engine', 'answers');
    const fileSystem =
      input.volume === '' ? 'none' : await growData(connection, input.volume, signal);
    log.done('file system', fileSystem);
    const dataDirectory = input.volume === '' ? undefined : VOLUME_DATA;
    const restart = async () => {
      await restartEngine(connection, signal);
      log.done('engine', 'restarted, because it had not released a port');
    };
    const memoryMb = memoryOf(await engine.info());
    const surroundings = { login, restartEngine: restart, dataDirectory, env };
    return {
      'host key': hostKey,
      volume,
      'file system': fileSystem,
      ...(await installOn(engine, { ...input, memoryMb }, log, surroundings, signal)),
    };
  } finally {
    connection.close();
  }
}

/** Checks and claims the external database through the droplet, before anything needs it. */
async function takeThroughHost(
  connection: Forwarder,
  login: DatabaseLogin,
  input: InstallInput,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<'claimed' | 'already so'> {
  const place = hostPlace(input);
  const isBundled = isBundledServer(input.serverImage);
  const claimant = { ...input, isBundled, adopt: env[ADOPT_DATABASE] === '1' };
  return throughHost(connection, login, place, async (near) => {
    await checkDatabase(near, claimant, place, signal);
    return claimDatabase(near, claimant, place, signal);
  });
}
