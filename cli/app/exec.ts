import type { Readable, Writable } from 'node:stream';
import { usageError } from '../../lib/errors.js';
import { shellWords } from '../../lib/shell-words.js';
import { execApp } from '../../lifecycle/apps/exec-app.js';
import type { Context, SharedOptions } from '../context.js';
import { openAppRun } from './open.js';

/** `clusterkit app exec NAME APP -- COMMAND…`: streams and exit code are the command's. */
export async function exec(
  context: Context,
  _: SharedOptions,
  words: string[],
  argv: string[],
): Promise<number> {
  const [name = '', app, ...more] = words;
  if (app === undefined || argv.length === 0 || more.length > 0) throw wrongCall(name, app, more);
  const run = await openAppRun(context, 'app exec', name);
  const { stdin, stdout, stderr } = context;
  return execApp(run, app, argv, {
    ...{ stdin: stdin as Readable, stdout: stdout as Writable, stderr: stderr as Writable },
    signal: run.context.signal,
    isTerminal: stdin.isTTY === true && stdout.isTTY === true,
  });
}

function wrongCall(name: string, app: string | undefined, more: readonly string[]) {
  const command = more.length > 0 ? shellWords(more) : 'COMMAND…';
  return usageError('command-missing', {
    message: app === undefined ? 'no application is named' : 'there is no command after --',
    hint: `Write: clusterkit app exec ${shellWords([name])} ${app === undefined ? 'APP' : shellWords([app])} -- ${command}`,
  });
}
