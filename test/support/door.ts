import type { ExecResult } from '../../clients/docker/run-in-container.js';

/**
 * What became of a connection: there was one; `refused` by a machine that is there and lets it
 * come so far; `silent`, as behind a firewall that drops; `no machine` at the address.
 */
export type Door = 'connected' | 'refused' | 'silent' | 'no machine';

/** curl's exit codes. Both stand for several things, which only `--verbose` tells apart. */
const COULD_NOT_CONNECT = 7;
const TIMED_OUT = 28;

/** Reads what `curl --verbose` gave. @throws Error on anything that says nothing about a door */
export function doorOf({ exitCode, output }: ExecResult): Door {
  if (output.includes('* Connected to ')) return 'connected';
  if (exitCode === TIMED_OUT) return 'silent';
  if (exitCode === COULD_NOT_CONNECT && /Connection refused/.test(output)) return 'refused';
  if (exitCode === COULD_NOT_CONNECT && /No route to host/.test(output)) return 'no machine';
  throw new Error(`curl gave exit code ${exitCode}: ${output}`);
}
