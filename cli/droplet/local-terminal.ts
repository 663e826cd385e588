import { spawnSync } from 'node:child_process';
import { ReadStream, WriteStream } from 'node:tty';
import type { SessionTerminal } from '../../clients/ssh/run-session.js';
import type { Context } from '../context.js';

/** The terminal of the user. */
export interface LocalTerminal extends SessionTerminal {
  /** Passes every key on unchanged, Ctrl-C too, until the returned function is called. */
  takeKeys(): () => void;
}

/** For streams that report no size. */
const ANY_SIZE = { rows: 24, cols: 80 };

/** The terminal of the keyboard, or `undefined` when the standard input is not a terminal. */
export function localTerminal({ stdin, stdout, stderr, env }: Context): LocalTerminal | undefined {
  if (!(stdin instanceof ReadStream)) return undefined;
  const screen = [stdout, stderr].find((each) => each instanceof WriteStream);
  return {
    term: env.TERM || 'vt100',
    size: () =>
      screen === undefined || !screen.rows || !screen.columns
        ? ANY_SIZE
        : { rows: screen.rows, cols: screen.columns },
    onResize: (listener) => {
      screen?.on('resize', listener);
      return () => screen?.off('resize', listener);
    },
    takeKeys: () => {
      stdin.setRawMode(true);
      // Node leaves the translation of line feeds on, but the droplet has translated them already. Node
      // remembers the former settings, and restores all of them.
      spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] });
      return () => void stdin.setRawMode(false);
    },
  };
}
