import { readFile } from 'node:fs/promises';
import { environmentError } from '../lib/errors.js';
import type { Progress, SetupContext } from './part.js';
import { runTool } from './run-tool.js';

const LOCK_WAIT_S = 300;

/** Why setup cannot install packages on this machine, as half a sentence; `undefined`: it can. */
export async function whyNoApt(
  context: Pick<SetupContext, 'platform' | 'isRoot'>,
): Promise<string | undefined> {
  if (context.platform !== 'linux') return `this machine runs ${context.platform}`;
  const release = parseLinuxRelease(await readFile('/etc/os-release', 'utf8').catch(() => ''));
  if (!release.hasDebianPackages) return `this machine runs ${release.prettyName}`;
  return context.isRoot ? undefined : 'setup does not run as root';
}

/**
 * Installs Debian packages without their recommendations. Waits for other package work, repairs an
 * interrupted one, and refreshes the package lists only when they are too old.
 * @throws KitError `tool-failed` (exit 3)
 */
export async function aptInstall(
  packages: readonly string[],
  context: Pick<SetupContext, 'env'>,
  progress: Progress,
): Promise<void> {
  const env = { ...context.env, DEBIAN_FRONTEND: 'noninteractive' };
  const hint = `Install them by hand: apt-get install ${packages.join(' ')}`;
  const apt = (...args: string[]) =>
    runTool({
      argv: ['apt-get', '-q', '-o', `DPkg::Lock::Timeout=${LOCK_WAIT_S}`, ...args],
      env,
      progress,
      hint,
    });
  const install = () => apt('install', '-y', '--no-install-recommends', ...packages);
  try {
    await install();
  } catch (first) {
    progress.step('refreshing the package lists');
    await runTool({ argv: ['dpkg', '--configure', '-a'], env, progress, hint }).catch(() => {});
    await apt('update').catch((error: unknown) => {
      throw environmentError('packages-unreachable', {
        message: `packages cannot be installed: ${messageOf(error)}`,
        hint,
        cause: first,
      });
    });
    await install();
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Reads the text of `/etc/os-release`. */
export function parseLinuxRelease(text: string) {
  const fields = new Map(
    text
      .split('\n')
      .map((line) => /^([A-Z_]+)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line.trim()))
      .flatMap((match) =>
        match?.[1] === undefined ? [] : [[match[1], match[2] ?? match[3] ?? match[4] ?? '']],
      ) as [string, string][],
  );
  const id = fields.get('ID') ?? 'linux';
  return {
    id,
    codename: fields.get('VERSION_CODENAME') ?? '',
    prettyName: fields.get('PRETTY_NAME') ?? id,
    hasDebianPackages: id === 'debian' || id === 'ubuntu',
  };
}
