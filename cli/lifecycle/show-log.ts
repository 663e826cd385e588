import { constants } from 'node:os';
import { Outlet, READER_GONE_EXIT, ReaderGone } from '../../lib/outlet.js';
import type { Context } from '../context.js';
import { jsonLog, type LogOutput, plainLog } from './log-output.js';

/**
 * Shows a log until its end, and returns the exit code: 0, or that of the signal that ended it. Ctrl-C is the normal
 * way to stop following a log, so the log has a signal of its own.
 *
 * @param isMixed lines of several logs come one after the other
 */
export async function showLog(
  { stdout, report, lendSignals }: Context,
  stop: AbortController,
  isMixed: boolean,
  read: (write: LogOutput['write']) => Promise<number>,
): Promise<number> {
  const out = new Outlet(stdout);
  const output = report.asJson ? jsonLog(out) : plainLog(out, isMixed, stdout.isTTY === true);
  let stopCode: number | undefined;
  const takeBack = lendSignals((signal) => {
    if (!(signal in ENDING)) return;
    stopCode = ENDING[signal as keyof typeof ENDING];
    takeBack();
    stop.abort(new Error(`ended by ${signal}`));
  });
  try {
    const code = await read(output.write);
    await output.end();
    return code;
  } catch (error) {
    if (stopCode !== undefined) return stopCode;
    if (error instanceof ReaderGone) return READER_GONE_EXIT;
    throw error;
  } finally {
    takeBack();
  }
}

const ENDING = {
  SIGINT: 128 + constants.signals.SIGINT,
  SIGTERM: 128 + constants.signals.SIGTERM,
  SIGHUP: 128 + constants.signals.SIGHUP,
} as const;
