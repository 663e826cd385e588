import type Docker from 'dockerode';
import { runInContainer } from '../../clients/docker/run-in-container.js';
import { MASTER_PORT } from './haproxy-common.js';

/** What runs in an edge, as HAProxy's master reports it. */
export interface Workers {
  /** Process number of the worker that accepts connections. */
  readonly current: number | undefined;
  /** Those of configurations before, which still answer what they have. */
  readonly old: readonly number[];
}

/** An answer ends with an empty line. The master is on the loopback of the container. */
const ASK = `exec 3<>/dev/tcp/127.0.0.1/${MASTER_PORT} || exit 1
printf '%s\\n' "$1" >&3
while IFS= read -r -t 5 line <&3 && [[ -n $line ]]; do printf '%s\\n' "$line"; done`;

/** Sends one command to the master of a running edge. @throws Error when it does not answer */
async function askMaster(edge: Docker.Container, command: string): Promise<string> {
  const argv = ['timeout', '10', 'bash', '-c', ASK, 'ask', command];
  const { exitCode, output } = await runInContainer(edge, argv);
  if (exitCode !== 0 && exitCode !== 1) throw new Error(`HAProxy's master: ${output}`);
  return output;
}

/** The workers of a running edge. */
export const workersOf = async (edge: Docker.Container): Promise<Workers> =>
  parseWorkers(await askMaster(edge, 'show proc'));

/** Reads the master's table: number, type, … of each process, the old workers below a heading of their own. */
export function parseWorkers(table: string): Workers {
  const [current = '', old = ''] = table.split('# old workers');
  const numbers = (part: string) =>
    [...part.matchAll(/^(\d+)\s+worker\s/gm)].map(([, number]) => Number(number));
  return { current: numbers(current)[0], old: numbers(old) };
}

/** The digest of the configuration that a running edge serves; `undefined` while it starts. */
export async function servedDigest(edge: Docker.Container): Promise<string | undefined> {
  const { current } = await workersOf(edge);
  if (current === undefined) return undefined;
  const info = await askMaster(edge, `@!${current} show info`);
  return /^description: (\S+)$/m.exec(info)?.[1];
}
