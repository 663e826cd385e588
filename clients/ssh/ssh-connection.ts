import type { Duplex } from 'node:stream';
import type ssh2 from 'ssh2';
import type { Secret } from '../../lib/secret.js';
import { shellWord } from '../../lib/shell-word.js';
import type { RemoteResult, RemoteRun, RemoteShell } from './remote-shell.js';
import { channelRefused, sshLost } from './ssh-errors.js';
import { uploadFile } from './upload-file.js';

/** A connection as root to a machine with a verified host key. */
export class SshConnection implements RemoteShell {
  private ended: Error | undefined;

  constructor(
    private readonly client: ssh2.Client,
    readonly address: string,
    /** The host key of the machine. */
    readonly hostKey: string,
  ) {
    // Every command on the connection listens for its end.
    client.setMaxListeners(0);
    client.on('error', (error) => {
      this.ended = error;
    });
    client.once('close', () => {
      this.ended ??= new Error('it was closed');
    });
  }

  /** Runs a command and waits for it. Arguments are passed unchanged. */
  async run(argv: readonly string[], options: RemoteRun = {}): Promise<RemoteResult> {
    options.signal?.throwIfAborted();
    const { result } = await this.open(
      (done: Answer<ssh2.ClientChannel>) => this.client.exec(argv.map(shellWord).join(' '), done),
      // Not awaited here: the reply to the call and the end of a short command may arrive together.
      (channel) => ({ result: this.follow(channel, argv[0] ?? '', options) }),
    );
    return result;
  }

  /**
   * Runs a program, or the login shell when `argv` is empty, for as long as `hold` takes; `hold`
   * returns the exit code. @throws KitError `ssh-lost`, `ssh-channel-refused` (exit 3)
   */
  async session(
    {
      argv,
      pty,
    }: {
      /** Empty: the login shell. */
      readonly argv: readonly string[];
      /** @default - no terminal */
      readonly pty?: ssh2.PseudoTtyOptions | undefined;
    },
    hold: (channel: ssh2.ClientChannel) => Promise<number | undefined>,
  ): Promise<number> {
    const command = argv.map(shellWord).join(' ');
    const exitCode = await this.open(
      (done: Answer<ssh2.ClientChannel>) =>
        command === ''
          ? this.client.shell(pty ?? false, done)
          : this.client.exec(command, pty === undefined ? {} : { pty }, done),
      hold,
    );
    if (exitCode === undefined) throw this.lost();
    return exitCode;
  }

  private follow(
    channel: ssh2.ClientChannel,
    name: string,
    { input = '', timeoutMs = 60_000, signal }: RemoteRun,
  ): Promise<RemoteResult> {
    return new Promise((resolve, reject) => {
      const output = { stdout: '', stderr: '' };
      let exitCode: number | undefined;
      const fail = (error: unknown) => {
        settle(() => reject(error));
        channel.close();
      };
      const lost = () => fail(this.lost());
      const timer = setTimeout(
        () => fail(sshLost(this.address, `no end of \`${name}\` within ${timeoutMs / 1000} s`)),
        timeoutMs,
      );
      const onAbort = () => fail(signal?.reason);
      const settle = (end: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.client.removeListener('close', lost);
        end();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.client.once('close', lost);
      channel.setEncoding('utf8').on('data', (text: string) => {
        output.stdout += text;
      });
      channel.stderr.setEncoding('utf8').on('data', (text: string) => {
        output.stderr += text;
      });
      channel.on('error', fail);
      channel.on('exit', (code: number | null) => {
        exitCode = code ?? -1;
      });
      channel.once('close', () =>
        exitCode === undefined
          ? lost()
          : settle(() => resolve({ exitCode: exitCode ?? -1, ...output })),
      );
      channel.end(input);
      // The signal may have been aborted while the channel was opened.
      if (signal?.aborted) onAbort();
    });
  }

  /** Writes a file (0600), complete or not at all; its directory must exist. */
  async upload(path: string, content: Secret): Promise<void> {
    const sftp = await this.open(
      (done: Answer<ssh2.SFTPWrapper>) => this.client.sftp(done),
      (wrapper) => wrapper,
    );
    try {
      await uploadFile(sftp, path, content);
    } finally {
      sftp.end();
    }
  }

  /** Opens a stream to a unix socket of that machine. */
  forward(socketPath: string): Promise<Duplex> {
    return this.open(
      (done: Answer<ssh2.ClientChannel>) =>
        this.client.openssh_forwardOutStreamLocal(socketPath, done),
      (channel) => channel,
    );
  }

  /** Opens a stream to a host and port, from that machine. */
  forwardTcp(host: string, port: number): Promise<Duplex> {
    return this.open(
      (done: Answer<ssh2.ClientChannel>) =>
        this.client.forwardOut('127.0.0.1', 0, host, port, done),
      (channel) => channel,
    );
  }

  /** Closes the connection; commands on it fail. */
  close(): void {
    this.client.end();
    // A peer that is gone does not confirm.
    const forced = setTimeout(() => this.client.destroy(), 1000);
    this.client.once('close', () => clearTimeout(forced));
  }

  /** Opens a channel; `use` receives it before any data arrives. */
  private async open<T, R>(
    ask: (done: Answer<T>) => void,
    use: (channel: T) => R,
  ): Promise<Awaited<R>> {
    if (this.ended !== undefined) throw this.lost();
    return await new Promise<R>((resolve, reject) => {
      const lost = () => reject(this.lost());
      this.client.once('close', lost);
      try {
        ask((error, channel) => {
          this.client.removeListener('close', lost);
          if (error) reject(channelRefused(this.address, error));
          else resolve(use(channel));
        });
      } catch (error) {
        // The connection is gone, but no event has reported it yet.
        this.ended ??= error as Error;
        lost();
      }
    });
  }

  private lost() {
    return sshLost(this.address, this.ended?.message ?? 'it was cut', this.ended);
  }
}

type Answer<T> = (error: Error | undefined, channel: T) => void;
