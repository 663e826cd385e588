import { spawnSync } from 'node:child_process';
import { ReadStream, WriteStream } from 'node:tty';
import type { SessionTerminal } from '../../clients/ssh/run-session.js';
import type { Context } from '../context.js';

/** The terminal that we were called on. */
export interface LocalTerminal extends SessionTerminal {
  /** From now on every key comes as it is, Ctrl-C too, until the result is called. */
  takeKeys(): () => void;
}

/** Where the size cannot be told. */
const ANY_SIZE = { rows: 24, cols: 80 };

/** The terminal of the keyboard, or `undefined` when the input is none. */
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
      // Node leaves line feeds to be translated, which the other side has done already. It knows how
      // all of it was before, and puts it back.
      spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] });
      return () => void stdin.setRawMode(false);
    },
  };
}
