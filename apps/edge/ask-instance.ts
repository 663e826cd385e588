import type { Engine } from '../../clients/docker/connect.js';
import { runInContainer } from '../../clients/docker/run-in-container.js';
import { edgeName } from './describe-edge.js';
import type { EdgeInstance } from './edge-route.js';

/** What an instance answered; or why it did not, such as `Connection refused`. */
export type InstanceAnswer =
  | { readonly status: number; readonly text: string }
  | { readonly status: undefined; readonly problem: string };

/** Bytes of an answer that are read, with its head. */
const READ_BYTES = 4096;

const ASK = `exec 3<>"/dev/tcp/$1/$2" || exit 1
printf 'GET %s HTTP/1.1\\r\\nHost: %s\\r\\nUser-Agent: clusterkit\\r\\nConnection: close\\r\\n\\r\\n' "$3" "$4" >&3
head -c ${READ_BYTES} <&3`;

/**
 * Sends `GET path` to an instance from inside the cluster's network, through the first edge, which must run.
 *
 * @param host for the header `Host`. @default - the instance's name
 */
export async function askInstance(
  engine: Engine,
  cluster: string,
  {
    name,
    port,
    path,
    host = name,
  }: EdgeInstance & { readonly path: string; readonly host?: string },
  /** @default 10000 */
  timeoutMs = 10_000,
): Promise<InstanceAnswer> {
  const edge = engine.getContainer(edgeName(cluster, 1));
  const limit = `${timeoutMs / 1000}`;
  const argv = ['timeout', limit, 'bash', '-c', ASK, 'ask', name, String(port), path, host];
  const { exitCode, output } = await runInContainer(edge, argv);
  const found = /^HTTP\/1\.[01] (\d{3})[^\n]*\n([\s\S]*)$/.exec(output);
  if (found !== null) {
    const [, status, rest = ''] = found;
    const body = rest.indexOf('\r\n\r\n');
    return { status: Number(status), text: body < 0 ? '' : rest.slice(body + 4) };
  }
  return { status: undefined, problem: problemOf(exitCode, output, timeoutMs) };
}

/** Exit code of `timeout` when the time is over. */
const TOO_LATE = 124;

function problemOf(exitCode: number, output: string, timeoutMs: number): string {
  if (exitCode === TOO_LATE) return `no answer within ${timeoutMs / 1000} s`;
  if (exitCode === 0) return output === '' ? 'it closed the connection' : 'its answer is not HTTP';
  // Bash: `ask: connect: Connection refused`, `ask: line 1: NAME: Name or service not known`.
  return /: ([^:\n]+)\s*(\n|$)/.exec(output)?.[1] ?? output;
}

const CONNECT = 'exec 3<>"/dev/tcp/$1/$2"';

/**
 * Whether an instance accepts connections on its port, from inside the cluster's network. It sends nothing, because a
 * request would run a function.
 *
 * @returns why it does not; `undefined`: it does
 */
export async function reachInstance(
  engine: Engine,
  cluster: string,
  { name, port }: EdgeInstance,
  /** @default 10000 */
  timeoutMs = 10_000,
): Promise<string | undefined> {
  const edge = engine.getContainer(edgeName(cluster, 1));
  const argv = ['timeout', `${timeoutMs / 1000}`, 'bash', '-c', CONNECT, 'ask', name, String(port)];
  const { exitCode, output } = await runInContainer(edge, argv);
  return exitCode === 0
    ? undefined
    : problemOf(exitCode, output || 'it does not accept it', timeoutMs);
}
