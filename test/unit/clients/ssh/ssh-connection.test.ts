import { EventEmitter } from 'node:events';
import { Duplex, PassThrough } from 'node:stream';
import type ssh2 from 'ssh2';
import { expect, test } from 'vitest';
import { SshConnection } from '../../../../clients/ssh/ssh-connection.js';

/** A channel whose command ends only when it is closed. */
class EndlessChannel extends Duplex {
  readonly stderr = new PassThrough();
  override _read() {}
  override _write(_chunk: Buffer, _encoding: string, done: () => void) {
    done();
  }
  close = () => void this.destroy();
}

/** A peer that takes a moment to give a channel. */
class SlowPeer extends EventEmitter {
  exec(_command: string, done: (error: undefined, channel: EndlessChannel) => void) {
    setTimeout(() => done(undefined, new EndlessChannel()), 20);
  }
}

test('an interrupt while a command is being asked for ends it as well', async () => {
  const connection = new SshConnection(new SlowPeer() as unknown as ssh2.Client, 'there', 'key');
  const stop = new AbortController();
  const work = connection.run(['sleep', '600'], { timeoutMs: 2000, signal: stop.signal });
  const reason = new Error('stopped');
  stop.abort(reason);
  await expect(work).rejects.toBe(reason);
});
