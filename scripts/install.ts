import { isBundledServer } from '../lib/bundled-images.js';
import { dataLayoutOf } from '../lib/data-layout.js';
import type { DatabaseLogin } from '../lib/database-login.js';
import { awaitFirstBoot } from '../lib/droplet/await-first-boot.js';
import { markData } from '../lib/droplet/data-mark.js';
import { withEvidence } from '../lib/droplet/evidence.js';
import { mountVolume } from '../lib/droplet/mount-volume.js';
import { ON_DROPLET } from '../lib/droplet-places.js';
import type { Engine } from '../lib/engine/connect.js';
import { assertLayoutFits } from '../lib/engine/data-conflict.js';
import { type RemoteShell, runStep } from '../lib/remote-shell.js';
import { retryUntil } from '../lib/retry-until.js';
import type { StageInput } from '../lib/stage-input.js';
import { checkDatabase, claimDatabase, databasePlace } from './claim-database.js';
import { loginOf } from './configure.js';
import { managedLogin } from './database-login.js';
import { type InstallReport, installOn } from './install-containers.js';
import { contactDroplet, engineOf } from './open-droplet.js';
import { type OnStep, StepLog } from './step-log.js';
import { ADOPT_DATABASE, type Forwarder, hostPlace, throughHost } from './through-host.js';

/**
 * From a droplet that has just booted to running containers, over one ssh connection. Each step looks
 * first how things stand, so that it can be cut anywhere and run again.
 *
 * @param onStep is told of every step as it ends, also of those that only wait
 * @param env may have the password of a database elsewhere
 * @throws KitError (exit 2 or 3) of the step that failed
 */
export async function install(
  input: StageInput<'install'>,
  signal?: AbortSignal,
  onStep?: OnStep,
  env: NodeJS.ProcessEnv = {},
): Promise<InstallReport> {
  const login = input.managed ? await managedLogin(input) : await loginOf(input, env);
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
    const restartEngine = async () => {
      const script = 'systemctl restart docker';
      await runStep(connection, { what: 'restarting the engine', script, signal });
      await awaitEngine(connection, signal);
      log.done('engine', 'restarted: it had not given back a port');
    };
    return {
      'host key': hostKey,
      volume,
      ...(await installOn(engine, input, log, { login, restartEngine }, signal)),
    };
  } finally {
    connection.close();
  }
}

/** All that pre-flight looks at, before anything is made that needs it. */
async function takeThroughHost(
  connection: Forwarder,
  login: DatabaseLogin,
  input: StageInput<'install'>,
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

/** It may start a moment after the end of the first boot. */
async function awaitEngine(
  connection: Parameters<typeof engineOf>[0] & RemoteShell,
  signal?: AbortSignal,
): Promise<Engine> {
  try {
    return await retryUntil(() => engineOf(connection, 5000), { timeoutMs: 30_000, signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw await withEvidence(error, connection, [
      ...['journalctl', '--unit', 'docker', '--lines', '20', '--no-pager'],
    ]);
  }
}
