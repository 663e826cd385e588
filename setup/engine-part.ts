import { environmentError } from '../lib/errors.js';
import { findProgram } from '../lib/find-program.js';
import { aptInstall, whyNoApt } from './apt.js';
import { askEngine, type LoadDocker } from './engine-get.js';
import { startEngine } from './engine-start.js';
import { missing, type Part, type Progress, right, type SetupContext } from './part.js';

const ASK_TIMEOUT_MS = 10_000;

/**
 * A Docker engine. Uses a running one as it is; never starts one that DOCKER_HOST names. Otherwise
 * installs a missing one and starts it, as root on Debian or Ubuntu.
 */
export function enginePart(context: SetupContext, loadDocker: LoadDocker): Part {
  return {
    name: 'engine',
    async check() {
      const { address, version, failure } = await askEngine(
        context.env,
        loadDocker,
        ASK_TIMEOUT_MS,
      );
      return version === undefined
        ? missing(`no Docker engine answers at ${address} (${failure})`)
        : right(`already running (${version} at ${address})`);
    },
    async make(progress) {
      refuseForeign(context.env.DOCKER_HOST);
      await installEngine(context, progress);
      const { version, how } = await startEngine(context.env, loadDocker, progress);
      return `running (${version}, ${how})`;
    },
  };
}

function refuseForeign(dockerHost: string | undefined) {
  if (!dockerHost) return;
  throw environmentError('engine-unreachable', {
    path: 'DOCKER_HOST',
    message: `no Docker engine answers at ${dockerHost}`,
    hint: 'Start that engine, or unset DOCKER_HOST to use the one of this machine.',
  });
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
