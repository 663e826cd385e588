import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { awaitSsh } from '../../../clients/ssh/await-ssh.js';
import { connectSsh } from '../../../clients/ssh/connect-ssh.js';
import { sshFingerprint } from '../../../clients/ssh/ssh-errors.js';
import { Secret } from '../../../lib/secret.js';
import { engineOf } from '../../../targets/droplet/engines.js';
import { newOpensshKey } from '../../../targets/droplet/keys/openssh-key.js';
import { ON_DROPLET } from '../../../targets/droplet/machine/places.js';
import { type BootedDroplet, BootedDroplets } from '../../support/digitalocean/booted-droplet.js';
import { refuseSsh, swapHostKey } from '../../support/digitalocean/droplets/live-faults.js';
import { kitErrorOf } from '../../support/kit-error-of.js';

let all: BootedDroplets;
let one: BootedDroplet;

beforeAll(async () => {
  all = await BootedDroplets.open();
  one = await all.boot();
}, 600_000);
afterAll(() => all?.dispose());

const targetOf = ({ host, keys }: BootedDroplet) => ({
  host,
  privateKey: keys.login.privateKey,
  hostKeys: [keys.bootstrapHost.publicKey],
});

const connected = async () => {
  const connection = await awaitSsh(targetOf(one), { pauseMs: 100 });
  onTestFinished(() => connection.close());
  return connection;
};

const publicOf = (privateKey: string) => {
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  return `ssh-ed25519 ${key.getPublicSSH().toString('base64')}`;
};

describe('a connection', () => {
  it('runs words as they are, with input, and gives both streams and the exit code', async () => {
    const connection = await connected();
    expect(connection.hostKey).toBe(one.keys.bootstrapHost.publicKey);
    const script = 'cat; printf "%s|" "$@"; echo bad >&2; exit 7';
    const words = ['sh', '-c', script, 'sh', "it's", '$HOME `id`', 'two\nlines', ''];
    expect(await connection.run(words, { input: 'in;' })).toEqual({
      exitCode: 7,
      stdout: "in;it's|$HOME `id`|two\nlines||",
      stderr: 'bad\n',
    });
    expect((await connection.run(['sh', '-c', 'kill -9 $$'])).exitCode).toBe(-1);
  });

  it('misses nothing of commands that end at once', async () => {
    const connection = await connected();
    const one = () => connection.run(['sh', '-c', 'echo out; echo err >&2; exit 3']);
    for (let n = 0; n < 100; n += 1) {
      expect(await one()).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
    }
    const many = await Promise.all(Array.from({ length: 8 }, one));
    expect(new Set(many.map(({ stdout }) => stdout))).toEqual(new Set(['out\n']));
  });

  it('ends a command that takes too long, and one that nobody wants any more', async () => {
    const connection = await connected();
    const late = await kitErrorOf(() => connection.run(['sleep', '30'], { timeoutMs: 300 }));
    expect(late).toMatchObject({ code: 'ssh-lost', exitCode: 3 });
    expect(late.message).toContain('no end of `sleep` within 0.3 s');
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('stopped')), 200);
    await expect(connection.run(['sleep', '30'], { signal: stop.signal })).rejects.toThrow(
      'stopped',
    );
    expect((await connection.run(['echo', 'still here'])).stdout).toBe('still here\n');
  });

  it('writes a file whole and 0600, also over one that is there', async () => {
    const connection = await connected();
    await connection.upload('/root/file', new Secret('a longer first text'));
    await connection.upload('/root/file', new Secret('é'));
    const look = await connection.run(['sh', '-c', 'cat /root/file; stat -c " %a %U" /root/file*']);
    expect(look.stdout).toBe('é 600 root\n');
    await expect(connection.upload('/nowhere/file', new Secret(''))).rejects.toThrow(
      /No such file/,
    );
  });

  it('carries the engine of the droplet, and many calls at once', async () => {
    const connection = await connected();
    const engine = await engineOf(connection);
    const names = await Promise.all(
      Array.from({ length: 40 }, async () => (await engine.info()).Name),
    );
    expect(new Set(names)).toEqual(new Set([`droplet-${one.id}`]));
    await connection.run(['systemctl', 'stop', 'docker.socket', 'docker']);
    const error = await kitErrorOf(() => engineOf(connection));
    expect(error).toMatchObject({ code: 'engine-unreachable' });
    expect(error.problems[0]?.path).toBe(one.host);
    await connection.run(['systemctl', 'start', 'docker']);
    expect((await engine.info()).Name).toBe(`droplet-${one.id}`);
    await expect(connection.forward(`${ON_DROPLET.engineSocket}.not`)).rejects.toMatchObject({
      code: 'ssh-channel-refused',
    });
  });

  it('fails what runs over it when the machine goes, and all that comes after', async () => {
    const other = await all.boot();
    const connection = await awaitSsh(targetOf(other), { pauseMs: 100 });
    const engine = await engineOf(connection);
    const running = kitErrorOf(() => connection.run(['sleep', '60']));
    await sleep(300);
    connection.close();
    expect(await running).toMatchObject({ code: 'ssh-lost' });
    expect(await kitErrorOf(() => connection.run(['true']))).toMatchObject({ code: 'ssh-lost' });
    await expect(engine.info()).rejects.toMatchObject({ code: 'ssh-lost' });
    await all.droplets.destroy(other.id);
  });
});

describe('another host key', () => {
  /** An ssh server in the middle, which writes down all that a client tries. */
  const stranger = async (hostKey: string) => {
    const told: string[] = [];
    const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
      client.on('handshake', () => told.push('handshake'));
      client.on('authentication', (context) => {
        told.push(`${context.method} of ${context.username}`);
        context.accept();
      });
      client.on('error', () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return { told, port: (server.address() as { port: number }).port };
  };

  it('is refused at once, with both fingerprints, before the stranger learns anything', async () => {
    const foreign = newOpensshKey();
    const { told, port } = await stranger(foreign);
    const error = await kitErrorOf(() => awaitSsh({ ...targetOf(one), host: '127.0.0.1', port }));
    expect(error).toMatchObject({ code: 'host-key-wrong', exitCode: 3 });
    expect(error.problems[0]?.path).toBe(`127.0.0.1:${port}`);
    expect(error.message).toContain(sshFingerprint(publicOf(foreign)));
    expect(error.message).toContain(sshFingerprint(one.keys.bootstrapHost.publicKey));
    await sleep(100);
    expect(told).toEqual([]);
  });

  it('the same server is fine with its own key, and with no key at all nobody is', async () => {
    const foreign = newOpensshKey();
    const { told, port } = await stranger(foreign);
    const target = { ...targetOf(one), host: '127.0.0.1', port };
    (await connectSsh({ ...target, hostKeys: [publicOf(foreign)] })).close();
    expect(told).toContain('handshake');
    expect(await kitErrorOf(() => connectSsh({ ...target, hostKeys: [] }))).toMatchObject({
      code: 'host-key-wrong',
    });
  });

  it('of a machine without any ed25519 key is refused', async () => {
    const rsa = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).private;
    const { told, port } = await stranger(rsa);
    const error = await kitErrorOf(() => connectSsh({ ...targetOf(one), host: '127.0.0.1', port }));
    expect(error).toMatchObject({ code: 'host-key-wrong' });
    expect(told).toEqual([]);
  });

  it('of a real sshd that was swapped is refused too', async () => {
    const other = await all.boot();
    (await awaitSsh(targetOf(other), { pauseMs: 100 })).close();
    await swapHostKey(all.droplets.droplet(other.id));
    expect(await kitErrorOf(() => awaitSsh(targetOf(other)))).toMatchObject({
      code: 'host-key-wrong',
    });
    const log = await all.droplets
      .droplet(other.id)
      .machine.run('journalctl', '-u', 'ssh', '-o', 'cat');
    const afterSwap = log.slice(log.lastIndexOf('Server listening'));
    expect(afterSwap).not.toContain('Accepted');
    await all.droplets.destroy(other.id);
  });
});

describe('waiting', () => {
  it('goes on while ssh is refused', async () => {
    await (await connected()).run(['true']);
    await refuseSsh(all.droplets.droplet(one.id), 3);
    const connection = await awaitSsh(targetOf(one), { pauseMs: 100 });
    expect((await connection.run(['echo', 'in'])).stdout).toBe('in\n');
    connection.close();
  });

  it('ends at its time with what was last: refused, silent, or a login that is not accepted', async () => {
    const wait = { deadlineMs: 600, pauseMs: 100 };
    const refused = await kitErrorOf(() =>
      awaitSsh({ ...targetOf(one), host: '127.0.0.1', port: 1 }, wait),
    );
    expect(refused).toMatchObject({ code: 'ssh-unreachable' });
    expect(refused.message).toContain('ECONNREFUSED');

    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as { port: number };
    const target = { ...targetOf(one), host: '127.0.0.1', port, timeoutMs: 300 };
    expect((await kitErrorOf(() => awaitSsh(target, wait))).message).toContain('Timed out');

    const other = { ...targetOf(one), privateKey: new Secret(newOpensshKey()) };
    expect(await kitErrorOf(() => awaitSsh(other, wait))).toMatchObject({
      code: 'ssh-login-refused',
    });
  });

  it('ends when nobody wants it any more', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('stopped')), 200);
    const target = { ...targetOf(one), host: '127.0.0.1', port: 1, signal: stop.signal };
    await expect(awaitSsh(target)).rejects.toThrow(/stopped|aborted/);
  });
});
