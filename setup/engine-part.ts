import { DEFAULT_SOCKET } from '../clients/docker/address/parse-host.js';
import { environmentError, KitError } from '../lib/errors.js';
import { findProgram } from '../lib/find-program.js';
import { aptInstall, whyNoApt } from './apt.js';
import { askEngine, type SetupEngine } from './engine-get.js';
import { startEngine } from './engine-start.js';
import { missing, type Part, type Progress, right, type SetupContext } from './part.js';

const ASK_TIMEOUT_MS = 10_000;

/**
 * A Docker engine, found as the docker CLI finds it. Uses a running one as it is; never starts one that
 * the user named. Otherwise installs a missing one and starts it, as root on Debian or Ubuntu.
 */
export function enginePart(context: SetupContext, engine: SetupEngine): Part {
  return {
    name: 'engine',
    async check() {
      try {
        const version = await askEngine(engine, ASK_TIMEOUT_MS);
        const { host, from } = await engine.address();
        return right(`already running (${version} at ${host}, from ${from})`);
      } catch (error) {
        return missing(problemOf(error).message);
      }
    },
    async make(progress) {
      await refuseForeign(engine);
      await installEngine(context, progress);
      const { version, how } = await startEngine(context.env, engine, progress);
      return `running (${version}, ${how})`;
    },
  };
}

function problemOf(error: unknown) {
  const [problem] = error instanceof KitError ? error.problems : [];
  if (problem === undefined) throw error;
  return problem;
}

/** Only an engine of this machine that is missing or stopped can be made. */
async function refuseForeign(engine: SetupEngine): Promise<void> {
  const { host } = await engine.address();
  const error = await askEngine(engine, ASK_TIMEOUT_MS).then(() => undefined, asKitError);
  if (error === undefined) return;
  if (host !== `unix://${DEFAULT_SOCKET}` || error.code !== 'engine-unreachable') throw error;
}

function asKitError(error: unknown): KitError {
  if (error instanceof KitError) return error;
  throw error;
}

async function installEngine(context: SetupContext, progress: Progress): Promise<void> {
  const hint =
    'Start Docker Desktop or Docker Engine (and check that `docker info` works for this user), set DOCKER_HOST, or run scripts/setup as root on Debian or Ubuntu.';
  const dockerd = await findProgram('dockerd', context.env);
  const why = dockerd === undefined ? await whyNoApt(context) : whyNotStart(context);
  if (why !== undefined) {
    throw environmentError('engine-missing', {
      message: `no Docker engine answers, and ${why}, so setup cannot ${dockerd ? 'start' : 'install'} one`,
      hint,
    });
  }
  if (dockerd !== undefined) return;
  progress.step('installing docker.io and iptables');
  await aptInstall(['docker.io', 'iptables'], context, progress);
}

const whyNotStart = ({ isRoot }: SetupContext) =>
  isRoot ? undefined : 'setup does not run as root';
