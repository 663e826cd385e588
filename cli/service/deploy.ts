import { constants } from 'node:os';
import { resolve } from 'node:path';
import { usageError } from '../../lib/errors.js';
import { parseDuration } from '../../prisma/tokens/duration.js';
import { deployService } from '../../service/deploy-service.js';
import type { Context, SharedOptions } from '../context.js';
import { NoAnswer } from '../no-answer.js';
import { registryInputs } from '../registry/inputs.js';

/** `clusterkit deploy [DIR] [--cluster NAME] [-- prisma arguments]`: the exit code is the CLI's. */
export async function deploy(
  context: Context,
  options: SharedOptions & {
    cluster?: string;
    project?: string;
    envFile?: string;
    service?: string;
    stage?: string;
    timeout: string;
  },
  directories: string[],
  words: string[],
): Promise<number> {
  const { report, cwd } = context;
  if (directories.length > 1) throw tooMany(directories);
  const path = (given: string | undefined) =>
    given === undefined ? undefined : resolve(cwd, given);
  const { cluster, service, stage } = options;
  const wish = {
    ...{ cluster, service, stage, words },
    directory: resolve(cwd, directories[0] ?? '.'),
    project: path(options.project),
    envFile: path(options.envFile),
    timeoutMs: parseDuration(options.timeout, '--timeout') * 1000,
  };
  const { env, home, platform, now, signal } = context;
  try {
    const { result, interruptedBy } = await deployService(wish, {
      ...{ env, home, platform, cwd, now, signal },
      registry: registryInputs(context, 'deploy').registry,
      stage: {
        isTerminal: context.stdin.isTTY === true,
        keepStdout: report.asJson,
        lendSignals: context.lendSignals,
        platform,
        umask: context.callersUmask,
      },
      choose: context.canAsk && !context.yes ? () => choose(context) : undefined,
      warn: report.warn,
      step: report.step,
    });
    report.json(result);
    if (interruptedBy === undefined) return result.exitCode;
    report.warn('Interrupted; prisma.yml is unchanged.');
    return 128 + constants.signals[interruptedBy];
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    throw new NoAnswer('You chose no cluster: nothing was deployed, and prisma.yml is unchanged.');
  }
}

const choose = async (context: Context) =>
  (await import('./choose-cluster.js')).chooseCluster(context);

const tooMany = (directories: readonly string[]) =>
  usageError('arguments-invalid', {
    message: `deploy takes one directory, not several: ${directories.join(' ')}`,
    hint: 'Write arguments for the Prisma CLI after two dashes: clusterkit deploy DIR -- --force',
  });
