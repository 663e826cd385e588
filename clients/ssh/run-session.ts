import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type ssh2 from 'ssh2';
import type { ByteSink } from '../../lib/outlet.js';
import type { SshConnection } from './ssh-connection.js';

/** A terminal of this machine, for the output of the session. */
export interface SessionTerminal {
  /** Kind of the terminal, as in TERM. */
  readonly term: string;
  size(): { readonly rows: number; readonly cols: number };
  /** Calls `listener` when the size changes, until the returned function is called. */
  onResize(listener: () => void): () => void;
}

/** A program to run on another machine as if it ran here. */
export interface Session {
  /** Passed unchanged. Empty: the login shell. */
  readonly argv: readonly string[];
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
  /** @default - none: bytes pass unchanged */
  readonly terminal?: SessionTerminal | undefined;
  /** Receives the signals of this process until the returned function is called. */
  readonly lendSignals: (to: (name: NodeJS.Signals) => void) => () => void;
}

/** Signals that ask a program to end. All others are only forwarded. */
const ENDING = new Set<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Sends a signal to the other programs of this connection: sshd's own way does not work for root.
 * Each of its children leads a process group.
 */
const SEND_SIGNAL =
  'for pid in $(ps -o pid= --ppid $PPID); do [ "$pid" = $$ ] || kill -s "$1" -- "-$pid"; done';

/**
 * Runs a program with the streams of this process, and returns its exit code: 128 + number after a
 * signal. Forwards signals; if the program does not end, a second one leaves it running.
 *
 * @throws ReaderGone when the reader of its output is gone
 * @throws KitError `ssh-lost`, `ssh-channel-refused`, `output-failed` (exit 3)
 */
export function runSession(connection: SshConnection, session: Session): Promise<number> {
  const { argv, terminal } = session;
  const pty = terminal && { ...terminal.size(), term: terminal.term };
  return connection.session({ argv, pty }, (channel) => hold(connection, channel, session));
}

async function hold(
  connection: SshConnection,
  channel: ssh2.ClientChannel,
  session: Session,
): Promise<number | undefined> {
  const { stdin, stdout, stderr, terminal } = session;
  const ended = endOf(channel);
  const left = new Left(terminal === undefined ? connection : undefined);
  const takeBack = session.lendSignals((name) => left.onSignal(name));
  const stopResizing = terminal?.onResize(() => {
    const { rows, cols } = terminal.size();
    channel.setWindow(rows, cols, 0, 0);
  });
  // The end of the session reports both results.
  channel.on('error', () => {});
  stdin.on('error', () => channel.end());
  stdin.pipe(channel);
  try {
    const program = async () => {
      await Promise.all([pass(channel, stdout), pass(channel.stderr, stderr)]);
      return ended;
    };
    return await Promise.race([program(), left.exitCode]);
  } finally {
    takeBack();
    stopResizing?.();
    stdin.unpipe(channel);
    stdin.pause();
    channel.close();
  }
}

/** `undefined`: the connection ended before the exit code arrived. */
function endOf(channel: ssh2.ClientChannel): Promise<number | undefined> {
  return new Promise((resolve) => {
    let exitCode: number | undefined;
    channel.once('exit', (code: number | null, signal?: string) => {
      exitCode = code ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0);
    });
    channel.once('close', () => resolve(exitCode));
  });
}

async function pass(from: Readable, to: ByteSink): Promise<void> {
  try {
    for await (const bytes of from) await to.write(bytes as Buffer);
  } catch (error) {
    // The connection is gone: the end of the session reports that.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/** Leaves a running program when signals ask for it. */
class Left {
  private leave: (exitCode: number) => void = () => {};
  private isAsked = false;
  readonly exitCode = new Promise<number>((resolve) => {
    this.leave = resolve;
  });

  /**
   * @param connection none: a terminal sends keys as bytes, so a signal asks this process to end
   */
  constructor(private readonly connection: SshConnection | undefined) {}

  onSignal(name: NodeJS.Signals): void {
    const leave = () => {
      if (ENDING.has(name)) this.leave(128 + constants.signals[name]);
    };
    if (this.connection === undefined || this.isAsked) {
      leave();
    } else {
      this.isAsked = ENDING.has(name);
      const argv = ['sh', '-c', SEND_SIGNAL, 'sh', name.slice('SIG'.length)];
      this.connection.run(argv, { timeoutMs: 5000 }).catch(leave);
    }
  }
}
