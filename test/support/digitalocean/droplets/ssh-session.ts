import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import ssh2 from 'ssh2';

/** Whom to connect to, as whom, and by which host key. */
export interface SshTarget {
  readonly host: string;
  /** Private key for root. */
  readonly privateKey: string;
  /** The one host key that is right, as `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** A connection of a test's own, for looks at a droplet as its user has them. */
export class SshSession {
  private constructor(private readonly client: ssh2.Client) {}

  /** One attempt. @throws Error when refused, or when the host key is another */
  static async connect({ host, privateKey, hostKey }: SshTarget): Promise<SshSession> {
    const client = new ssh2.Client();
    const right = Buffer.from(hostKey.split(' ')[1] ?? '', 'base64');
    client.connect({
      host,
      username: 'root',
      privateKey,
      readyTimeout: CONNECT_TIMEOUT_MS,
      algorithms: { serverHostKey: ['ssh-ed25519'] },
      hostVerifier: (key: Buffer) => key.equals(right),
    });
    try {
      await once(client, 'ready');
    } catch (error) {
      client.destroy();
      throw error;
    }
    // A machine that goes down resets what stands.
    client.on('error', () => {});
    return new SshSession(client);
  }

  /** Runs a command, with an input if there is one. @throws Error when it fails */
  async run(command: string, input?: Readable): Promise<string> {
    const channel = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
      this.client.exec(command, (error, stream) => (error ? reject(error) : resolve(stream)));
    });
    const closed = once(channel, 'close') as Promise<[number | null]>;
    const outputs = Promise.all([text(channel), text(channel.stderr)]);
    if (input === undefined) channel.end();
    else await pipeline(input, channel);
    const [[code], [stdout, stderr]] = await Promise.all([closed, outputs]);
    if (code === 0) return stdout;
    throw new Error(`\`${command}\` gave exit code ${code}: ${stderr}${stdout}`);
  }

  close(): void {
    this.client.end();
  }
}
