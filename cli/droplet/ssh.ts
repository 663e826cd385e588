import { usageError } from '../../lib/errors.js';
import { Outlet, READER_GONE_EXIT, ReaderGone } from '../../lib/outlet.js';
import { shellWords } from '../../lib/shell-words.js';
import { readClustersFile } from '../../targets/clusters-file/read.js';
import { selectCluster } from '../../targets/clusters-file/select.js';
import { openShell } from '../../targets/droplet/shell.js';
import { commandContext, requireOwnState } from '../command-context.js';
import type { Context, SharedOptions } from '../context.js';
import { localTerminal } from './local-terminal.js';

/**
 * `clusterkit ssh NAME [-- COMMAND…]`: runs a program on the droplet, or opens a shell. Streams, signals
 * and exit code are the program's.
 */
export async function ssh(
  context: Context,
  options: SharedOptions & { tty?: boolean },
  words: string[],
  argv: string[],
): Promise<number> {
  const [name = '', ...more] = words;
  if (more.length > 0) throw wrongCall(name, more);
  const command = commandContext(context, name, 'ssh');
  const settings = selectCluster(await readClustersFile(command.project.configFile), name);
  if (settings.target !== 'digitalocean') throw notOnDroplet(name);
  await requireOwnState(context);
  const terminal = localTerminal(context);
  const isOnTerminal = terminal !== undefined && (argv.length === 0 || options.tty === true);
  if (options.tty === true && terminal === undefined) {
    context.report.warn('the standard input is not a terminal, so the program gets none either');
  }
  try {
    const exitCode = await openShell(command, {
      argv,
      stdin: context.stdin,
      stdout: new Outlet(context.stdout),
      stderr: new Outlet(context.stderr),
      lendSignals: context.lendSignals,
      ...(isOnTerminal && { terminal, takeKeys: terminal.takeKeys }),
    });
    if (exitCode === NO_PROGRAM && argv.length === 1 && /\s/.test(argv[0] ?? '')) {
      context.report.warn(
        `'${argv[0]}' is the name of one program here. For a line of shell: clusterkit ${shellWords(['ssh', name, '--', 'sh', '-c', ...argv])}`,
      );
    }
    return exitCode;
  } catch (error) {
    if (error instanceof ReaderGone) return READER_GONE_EXIT;
    throw error;
  }
}

/** The exit code of shells for an unknown program. */
const NO_PROGRAM = 127;

const wrongCall = (name: string, more: readonly string[]) =>
  usageError('command-misplaced', {
    message: 'a command for the droplet must stand after --',
    hint: `Write: clusterkit ssh ${name} -- ${shellWords(more)}`,
  });

const notOnDroplet = (name: string) =>
  usageError('not-a-droplet', {
    path: `clusters.${name}.target`,
    message: `cluster ${name} runs on the Docker engine of this machine, and has no droplet`,
    hint: `Its logs: clusterkit logs ${name}. A shell beside its server: docker exec -it clusterkit-${name}-server sh`,
  });
