import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitSsh } from '../../../clients/ssh/await-ssh.js';
import { retryUntil } from '../../../lib/retry-until.js';
import { newOpensshKey } from '../../../targets/droplet/keys/openssh-key.js';
import { type BootedDroplet, BootedDroplets } from '../../support/digitalocean/booted-droplet.js';
import { BootedProject } from '../../support/digitalocean/booted-project.js';
import { compiled, IMAGES } from '../../support/test-project.js';

const MAIN = compiled('cli/main.js');
const WELCOME = /^[\s\S]*permitted by applicable law\.\n/;

let all: BootedDroplets;
let one: BootedDroplet;
let project: BootedProject;

beforeAll(async () => {
  all = await BootedDroplets.open();
  one = await all.boot();
  project = await BootedProject.create(one);
  const { login, bootstrapHost } = one.keys;
  const hostKeys = [bootstrapHost.publicKey];
  (await awaitSsh({ host: one.host, privateKey: login.privateKey, hostKeys })).close();
}, 600_000);
afterAll(async () => {
  await project?.dispose();
  await all?.dispose();
});

const ssh = (...argv: string[]) => project.kit(['ssh', project.name, ...argv]);
const machine = () => all.droplets.droplet(one.id).machine;

/** A line of shell on this side, in which `$CK` is the verb up to its `--`. */
const line = (script: string, input?: Buffer) =>
  execa('bash', ['-c', script], {
    cwd: project.directory,
    env: project.env({ CK: `${process.execPath} ${MAIN} ssh ${project.name}` }),
    extendEnv: false,
    encoding: 'buffer',
    reject: false,
    maxBuffer: 50_000_000,
    ...(input ? { input } : { stdin: 'ignore' }),
  });

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

/** The same on a terminal of 99 columns and 33 rows. */
function onTerminal(script: string) {
  const env = project.env({ CK: `${process.execPath} ${MAIN} ssh ${project.name}` });
  const terminal = spawn('bash', ['--norc', '-c', script], {
    ...{ cwd: project.directory, cols: 99, rows: 33, env: { ...env, TERM: 'xterm-256color' } },
  });
  let text = '';
  terminal.onData((data) => {
    text += data;
  });
  const ended = new Promise<string>((resolve) => terminal.onExit(() => resolve(text)));
  /** Waits until the screen shows it, and forgets what came before. */
  const until = async (shown: string | RegExp) => {
    const look = async () => expect(text).toMatch(shown);
    await retryUntil(look, { timeoutMs: 60_000 });
    text = '';
  };
  return { terminal, until, ended };
}

describe('a command', () => {
  it('gets its words as they are, and its streams and exit code are ours', async () => {
    const script = 'printf "%s|" "$@"; echo bad >&2; exit 7';
    const words = ["it's", '$HOME `id`', 'two\nlines', '', '--', '-x'];
    const { exitCode, stdout, stderr } = await ssh('--', 'sh', '-c', script, 'sh', ...words);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 7,
      stdout: "it's|$HOME `id`|two\nlines||--|-x|",
      stderr: 'bad',
    });
  });

  it.each([
    ['KILL', 137],
    ['TERM', 143],
  ])('that SIG%s ends gives %i', async (signal, exitCode) => {
    expect((await ssh('--', 'sh', '-c', `kill -${signal} $$`)).exitCode).toBe(exitCode);
  });

  it('passes bytes through as they are, both ways', async () => {
    const bytes = randomBytes(5_000_000);
    const { exitCode, stdout } = await line('$CK -- cat', bytes);
    expect([exitCode, Buffer.compare(stdout, bytes)]).toEqual([0, 0]);
  });

  it('writes at the pace of its reader', async () => {
    const { stdout } = await line('$CK -- seq 3000000 | (sleep 1; tail -n 1)');
    expect(text(stdout)).toBe('3000000');
  });

  it('ends when nobody reads it any more, and says nothing', async () => {
    const { stdout, stderr } = await line('$CK -- yes | head -n 1; echo $PIPESTATUS');
    expect([text(stdout), text(stderr)]).toEqual(['y\n141', '']);
  });

  it('ends while its input goes on', async () => {
    const { stdout } = await line(
      'exec 3< <(exec sleep 600 2>/dev/null); input=$!; $CK -- true <&3; echo $?; kill $input',
    );
    expect(text(stdout)).toBe('0');
  });

  it('gets our signals; a second one leaves it', async () => {
    const asked = ssh('--', 'sh', '-c', 'trap "echo got; exit 9" TERM; echo up; sleep 60 & wait');
    asked.stdout?.once('data', () => asked.kill('SIGTERM'));
    const { exitCode, stdout } = await asked;
    expect([exitCode, stdout]).toEqual([9, 'up\ngot']);

    const deaf = ssh('--', 'sh', '-c', 'trap "" INT; echo up; sleep 20');
    deaf.stdout?.once('data', async () => {
      deaf.kill('SIGINT');
      await sleep(1000);
      deaf.kill('SIGINT');
    });
    expect((await deaf).exitCode).toBe(130);
  });

  it('that is a line of shell is told how to write one', async () => {
    const { exitCode, stderr } = await ssh('--', 'echo $HOME');
    expect(exitCode).toBe(127);
    expect(stderr).toContain(`clusterkit ssh ${project.name} -- sh -c 'echo $HOME'`);
  });
});

describe('without a command', () => {
  it('and without a terminal: a shell that reads its input', async () => {
    const { exitCode, stdout } = await line('$CK', Buffer.from('echo from $0; exit 5\n'));
    expect([exitCode, text(stdout).replace(WELCOME, '')]).toEqual([5, 'from -bash']);
  });

  it('on a terminal: its size, its kind, its keys; given back as it was', async () => {
    const { terminal, until, ended } = onTerminal(
      'stty -g >before; $CK; echo "code $?"; stty -g >after; cmp before after && echo same',
    );
    await until('# ');
    terminal.write('stty size; echo $TERM\r');
    await until(/33 99\r\n.*xterm-256color/);
    terminal.write('sleep 100\r');
    await until('sleep 100');
    terminal.write('\u0003');
    await until(/\^C[\s\S]*# /);
    terminal.resize(70, 20);
    // The size goes its own way, and may come after the question.
    const asking = setInterval(() => terminal.write('stty size\r'), 500);
    await until('20 70').finally(() => clearInterval(asking));
    terminal.write('exit 6\r');
    expect(await ended).toMatch(/code 6\r\nsame\r\n$/);
  });

  it('--tty gives a command a terminal too', async () => {
    const { ended } = onTerminal('$CK --tty -- tty; echo "code $?"; $CK -- tty; echo "code $?"');
    expect(await ended).toMatch(/\/dev\/pts\/\d+\r\ncode 0\r\nnot a tty\r\ncode 1/);
    const { exitCode, stderr } = await ssh('--tty', '--', 'tty');
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('! the standard input is not a terminal'),
    ]);
  });
});

describe('refused', () => {
  it('another host key: exit 3, with both fingerprints, and nobody logged in', async () => {
    const log = () => machine().run('journalctl', '-u', 'ssh', '-o', 'cat');
    const before = (await log()).split('Accepted').length;
    const foreign = await otherPublicKey();
    await project.know(one, foreign);
    const { exitCode, stdout, stderr } = await ssh('--json', '--', 'true');
    await project.know(one);
    expect([exitCode, JSON.parse(stdout).error.code]).toEqual([3, 'host-key-wrong']);
    expect(stderr).toMatch(/has host key SHA256:\S+ not SHA256:/);
    expect((await log()).split('Accepted').length).toBe(before);
  });

  it('reads neither configuration, agent nor known hosts of the user, and leaves them', async () => {
    const own = join(project.home, '.ssh');
    await mkdir(own, { mode: 0o700 });
    const files = { config: 'Host *\n  ProxyCommand false\n  Port 1\n', known_hosts: 'nonsense\n' };
    for (const [name, text] of Object.entries(files)) await writeFile(join(own, name), text);
    const touched = await stat(own);
    const env = { SSH_AUTH_SOCK: '/nowhere/agent' };
    const { stdout } = await project.kit(['ssh', project.name, '--', 'echo', 'in'], { env });
    expect(stdout).toBe('in');
    for (const [name, text] of Object.entries(files)) {
      expect(await readFile(join(own, name), 'utf8')).toBe(text);
    }
    expect((await stat(own)).mtimeMs).toBe(touched.mtimeMs);
  });

  it('a command before the dashes, a name that nobody knows, a cluster on this machine', async () => {
    const misplaced = await ssh('df', 'a b');
    expect(misplaced.exitCode).toBe(2);
    expect(misplaced.stderr).toMatch(
      new RegExp(`Write: \\S*clusterkit ssh ${project.name} -- df 'a b'`),
    );

    const unknown = await project.kit(['ssh', `${project.name}x`]);
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain(`Did you mean '${project.name}'?`);

    const local = 'local.yml';
    await writeFile(
      join(project.directory, local),
      `clusters: {here: {target: docker, port: 4466, server: {image: '${IMAGES.server}', version: '1.8'}, database: {connector: postgres, image: '${IMAGES.database}'}}}\n`,
    );
    const docker = await project.kit(['ssh', 'here', '--config', local]);
    expect(docker.exitCode).toBe(2);
    expect(docker.stderr).toContain('docker exec -it clusterkit-here-server sh');
  });
});

// Last: the droplet goes.
describe('a connection that is lost', () => {
  it('ends a session with exit 3, and gives the terminal back', async () => {
    const { until, ended } = onTerminal(
      'stty -g >before; $CK; echo "code $?"; stty -g >after; cmp before after && echo same',
    );
    const command = ssh('--', 'sh', '-c', 'echo up; sleep 60');
    const isUp = new Promise((resolve) => command.stdout?.once('data', resolve));
    await until('# ');
    await isUp;
    await machine().run('pkill', '-KILL', 'sshd');
    expect(await ended).toMatch(
      /error: \S+: the ssh connection was lost: .*\r\n[\s\S]*code 3\r\nsame\r\n$/,
    );
    const { exitCode, stdout, stderr } = await command;
    expect([exitCode, stdout]).toEqual([3, 'up']);
    expect(stderr).toContain('the ssh connection was lost');
  });

  it('no sshd any more: exit 3', async () => {
    await all.droplets.droplet(one.id).machine.kill();
    const { exitCode, stderr } = await ssh('--', 'true');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('no ssh connection: ');
  });
});

async function otherPublicKey(): Promise<string> {
  const { default: ssh2 } = await import('ssh2');
  const key = ssh2.utils.parseKey(newOpensshKey());
  if (key instanceof Error) throw key;
  return `ssh-ed25519 ${key.getPublicSSH().toString('base64')}`;
}
