import { PassThrough, Writable } from 'node:stream';
import type { Process } from '../../cli/context.js';

/** A {@link Process} whose streams are kept in memory, and what was written to them. */
export function fakeProcess(custom: { readonly terminal?: boolean; readonly env?: object } = {}) {
  const written = { stdout: '', stderr: '' };
  const into = (name: 'stdout' | 'stderr') => {
    const stream = new Writable({
      write(chunk, _, done) {
        written[name] += String(chunk);
        done();
      },
    });
    return Object.assign(stream, { isTTY: custom.terminal === true });
  };
  const world = {
    env: { ...custom.env },
    cwd: '/project',
    home: '/home/user',
    platform: 'linux',
    stdin: Object.assign(new PassThrough(), { isTTY: custom.terminal === true }),
    stdout: into('stdout'),
    stderr: into('stderr'),
    signal: new AbortController().signal,
    lendSignals: () => () => {},
    callersUmask: 0o022,
  } as unknown as Process;
  return { world, written };
}
