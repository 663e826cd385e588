import type { Duplex, Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import { beforeAbort } from '../../lib/time-limit.js';
import type { Engine } from './connect.js';

/** The streams of whoever runs a command. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };
  readonly stdout: Writable & { readonly columns?: number; readonly rows?: number };
  readonly stderr: Writable;
  /** Both ends are a terminal: the command gets one of its own. */
  readonly isTerminal: boolean;
  /** Lets go of the command. What runs in a container of others goes on until it misses its streams. */
  readonly signal: AbortSignal;
}

/** Runs a command in a running container, with these streams, and returns its exit code. */
export async function execAttached(
  engine: Engine,
  container: Docker.Container,
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const exec = await container.exec({
    ...{ Cmd: [...argv], AttachStdin: true, AttachStdout: true, AttachStderr: true },
    Tty: terminal.isTerminal,
  });
  const stream = await exec.start({ hijack: true, stdin: true, Tty: terminal.isTerminal });
  await connectTerminal(engine, stream, terminal, (size) => exec.resize(size));
  return (await exec.inspect()).ExitCode ?? -1;
}

/** Starts a container that was created to be attached to, and returns its exit code. */
export async function runAttached(
  engine: Engine,
  container: Docker.Container,
  terminal: Terminal,
): Promise<number> {
  const stream = await container.attach({
    ...{ stream: true, stdin: true, stdout: true, stderr: true, hijack: true },
  });
  const done = connectTerminal(engine, stream as Duplex, terminal, (size) =>
    container.resize(size),
  );
  await container.start();
  await done;
  // The engine closes the streams a moment before it has recorded the end.
  return ((await container.wait()) as { StatusCode: number }).StatusCode;
}

/** Passes bytes both ways until the command ends. */
async function connectTerminal(
  engine: Engine,
  stream: Duplex,
  { stdin, stdout, stderr, isTerminal, signal }: Terminal,
  resize: (size: { h: number; w: number }) => Promise<unknown>,
): Promise<void> {
  const adapt = () => {
    const { rows: h, columns: w } = stdout;
    if (h !== undefined && w !== undefined) void resize({ h, w }).catch(() => undefined);
  };
  if (isTerminal) {
    stdin.setRawMode?.(true);
    stdout.on('resize', adapt);
    stream.pipe(stdout, { end: false });
    adapt();
  } else {
    engine.modem.demuxStream(stream, stdout, stderr);
  }
  stdin.pipe(stream);
  try {
    await beforeAbort(signal, finished(stream, { writable: false }));
  } finally {
    stdin.unpipe(stream);
    stdin.pause();
    stdout.off('resize', adapt);
    if (isTerminal) stdin.setRawMode?.(false);
    stream.destroy();
  }
}
