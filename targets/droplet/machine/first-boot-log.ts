import { Readable } from 'node:stream';
import { runSession } from '../../../clients/ssh/run-session.js';
import type { SshConnection } from '../../../clients/ssh/ssh-connection.js';
import { ON_DROPLET } from './places.js';

/** The logs of a first boot, in reading order; the one that ends it is last. */
const FILES = {
  'cloud-init': '/var/log/cloud-init-output.log',
  'first-boot': ON_DROPLET.log,
} as const;

/** One of the two logs of a first boot. */
export type FirstBootLog = keyof typeof FILES;

/** Treats a missing file as empty. Follows only while the connection is open. */
const SHOW = 'tail -n "$1" -- "$2" 2>/dev/null || :';
const FOLLOW = 'exec tail -n "$1" -F --pid=$PPID -- "$2" 2>/dev/null';

/**
 * Passes the logs of cloud-init and of the kit's own steps to `write`: one after the other, or both as they
 * grow. @throws KitError `ssh-lost` (exit 3)
 */
export async function readFirstBootLogs(
  connection: SshConnection,
  {
    tail,
    follow,
  }: {
    readonly tail: number | 'all';
    readonly follow: boolean;
  },
  write: (log: FirstBootLog, bytes: Uint8Array) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const lines = tail === 'all' ? '+1' : String(tail);
  const read = ([log, file]: [string, string]) =>
    runSession(connection, {
      argv: ['sh', '-c', follow ? FOLLOW : SHOW, 'sh', lines, file],
      stdin: Readable.from([]),
      stdout: { write: (bytes) => write(log as FirstBootLog, bytes) },
      stderr: { write: async () => {} },
      lendSignals: (to) => {
        const end = () => to('SIGTERM');
        signal.addEventListener('abort', end, { once: true });
        return () => signal.removeEventListener('abort', end);
      },
    });
  const all = Object.entries(FILES);
  if (follow) await Promise.all(all.map(read));
  else for (const each of all) await read(each);
  signal.throwIfAborted();
}
