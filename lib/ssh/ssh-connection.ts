import type { Duplex } from 'node:stream';
import type ssh2 from 'ssh2';
import type { RemoteResult, RemoteRun, RemoteShell } from '../remote-shell.js';
import type { Secret } from '../secret.js';
import { shellWord } from '../shell-word.js';
import { channelRefused, sshLost } from './ssh-errors.js';
import { uploadFile } from './upload-file.js';

/** A connection as root to a machine whose host key was right. */
export class SshConnection implements RemoteShell {
  private ended: Error | undefined;

  constructor(
    private readonly client: ssh2.Client,
    readonly address: string,
    /** The host key that it showed. */
    readonly hostKey: string,
  ) {
    // Everything that runs over it waits for its end.
    client.setMaxListeners(0);
    client.on('error', (error) => {
      this.ended = error;
    });
    client.once('close', () => {
      this.ended ??= new Error('it was closed');
    });
  }

  /** Runs a command and waits for it. Its words reach it as they are, whatever is in them. */
  async run(argv: readonly string[], options: RemoteRun = {}): Promise<RemoteResult> {
    const { input = '', timeoutMs = 60_000, signal } = options;
    signal?.throwIfAborted();
    const channel = await this.open<ssh2.ClientChannel>((done) =>
      this.client.exec(argv.map(shellWord).join(' '), done),
    );
    return new Promise((resolve, reject) => {
      const output = { stdout: '', stderr: '' };
      let exitCode: number | undefined;
      const fail = (error: unknown) => {
        settle(() => reject(error));
        channel.close();
      };
      const lost = () => fail(this.lost());
      const timer = setTimeout(
        () => fail(sshLost(this.address, `no end of \`${argv[0]}\` within ${timeoutMs / 1000} s`)),
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
    });
  }

  /** Writes a file, 0600, whole or not at all; its directory must be there. */
  async upload(path: string, content: Secret): Promise<void> {
    const sftp = await this.open<ssh2.SFTPWrapper>((done) => this.client.sftp(done));
    try {
      await uploadFile(sftp, path, content);
    } finally {
      sftp.end();
    }
  }

  /** A stream to a unix socket of that machine. */
  forward(socketPath: string): Promise<Duplex> {
    return this.open<ssh2.ClientChannel>((done) =>
      this.client.openssh_forwardOutStreamLocal(socketPath, done),
    );
  }

  /** Ends it; what runs over it fails. */
  close(): void {
    this.client.end();
  }

  private async open<T>(
    ask: (done: (error: Error | undefined, channel: T) => void) => void,
  ): Promise<T> {
    if (this.ended !== undefined) throw this.lost();
    return new Promise((resolve, reject) => {
      const lost = () => reject(this.lost());
      this.client.once('close', lost);
      const done = (error: Error | undefined, channel: T) => {
        this.client.removeListener('close', lost);
        if (error) reject(channelRefused(this.address, error));
        else resolve(channel);
      };
      try {
        ask(done);
      } catch (error) {
        done(error as Error, undefined as T);
      }
    });
  }

  private lost() {
    return sshLost(this.address, this.ended?.message ?? 'it was cut', this.ended);
  }
}
