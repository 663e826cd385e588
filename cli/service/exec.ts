import { usageError } from '../../lib/errors.js';
import { shellWords } from '../../lib/shell-words.js';
import { plain, variablesOf } from '../../prisma/client-variables.js';
import { runCommand } from '../../service/handover/run-command.js';
import type { Context } from '../context.js';
import { type HandoverOptions, handoverOf } from './handover.js';

/**
 * `clusterkit exec NAME -- COMMAND…`: runs a program with endpoint and token in its environment.
 * Streams, signals and exit code are the program's.
 */
export async function exec(
  context: Context,
  options: HandoverOptions,
  words: string[],
  commandLine: string[],
): Promise<number> {
  const [name = '', ...more] = words;
  const [command, ...argv] = commandLine;
  if (command === undefined || more.length > 0) throw wrongCall(name, more);
  const handover = await handoverOf(context, `exec ${name}`, name, options);
  const end = await runCommand({
    command,
    argv,
    cwd: context.cwd,
    env: {
      ...without(context.env, handover.misleading),
      ...Object.fromEntries(variablesOf(handover).map((each) => [each.name, plain(each)])),
    },
    lendSignals: context.lendSignals,
    umask: context.callersUmask,
    onTerminal: context.stdin.isTTY === true,
  });
  if ('why' in end) {
    const { exitCode, why: message } = end;
    const hint = command.includes('/')
      ? `The path starts at ${context.cwd}.`
      : `For a program of a project: clusterkit exec ${shellWords([name, '--', 'npx', command])}`;
    const code = exitCode === 127 ? 'command-not-found' : 'command-not-runnable';
    context.report.json({
      error: { code, exitCode, problems: [{ path: command, message, hint }] },
    });
    context.report.warn(`${command}: ${message}\n  ${hint}`);
  }
  return end.exitCode;
}

const without = (env: NodeJS.ProcessEnv, names: readonly string[]) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));

function wrongCall(name: string, more: readonly string[]) {
  return usageError('command-missing', {
    message: 'there is no command after --',
    hint: `Write: clusterkit exec ${shellWords([name])} -- ${more.length > 0 ? shellWords(more) : 'COMMAND…'}`,
  });
}
