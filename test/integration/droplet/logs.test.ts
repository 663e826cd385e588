import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitSsh } from '../../../clients/ssh/await-ssh.js';
import { ON_DROPLET } from '../../../targets/droplet/machine/places.js';
import { type BootedDroplet, BootedDroplets } from '../../support/digitalocean/booted-droplet.js';
import { BootedProject } from '../../support/digitalocean/booted-project.js';
import { breakEngine, mendEngine } from '../../support/digitalocean/droplets/live-faults.js';

let all: BootedDroplets;
let one: BootedDroplet;
let project: BootedProject;

/** An image of nothing but a shell, so that no other has to be brought there. */
const IMAGE = `tar -C / -ch bin/sh bin/sleep bin/date bin/echo \
  $(ldd /bin/sh /bin/sleep | grep -o '/lib[^ ]*' | sort -u) 2>/dev/null | docker import - shell`;

beforeAll(async () => {
  all = await BootedDroplets.open();
  one = await all.boot({
    commands: [`printf 'step one\\nstep two\\n' >>${ON_DROPLET.log}`, 'echo said in runcmd'],
  });
  project = await BootedProject.create(one);
  const { login, bootstrapHost } = one.keys;
  const hostKeys = [bootstrapHost.publicKey];
  (await awaitSsh({ host: one.host, privateKey: login.privateKey, hostKeys })).close();
  await machine().order('until [ -e "$1" ]; do sleep 0.2; done', ON_DROPLET.marker);
  await machine().run('sh', '-c', IMAGE);
}, 600_000);
afterAll(async () => {
  await project?.dispose();
  await all?.dispose();
});

const machine = () => all.droplets.droplet(one.id).machine;
const logs = (...argv: string[]) => project.kit(['logs', project.name, ...argv]);

/** A container in the place of the server, which runs a script. */
async function start(script: string): Promise<void> {
  const name = `clusterkit-${project.name}-server`;
  await machine().try('docker', 'rm', '-f', name);
  await machine().run('docker', 'run', '-d', '--name', name, 'shell', '/bin/sh', '-c', script);
}

describe('the log of a container on a droplet', () => {
  it('comes over ssh, both streams', async () => {
    await start('echo out; sleep 0.2; echo bad >&2; sleep 0.2; echo end');
    const { exitCode, stdout, stderr } = await logs('-f');
    expect([exitCode, stdout, stderr]).toEqual([
      0,
      'out\nbad\nend',
      `! ${project.name}: the server has stopped`,
    ]);
    expect((await logs('server', '--tail', '1')).stdout).toBe('end');
    const absent = await logs('database');
    expect([absent.exitCode, absent.stderr]).toEqual([
      3,
      expect.stringContaining('the engine has no such container'),
    ]);
  });

  it('is followed until Ctrl-C', async () => {
    await start('echo up; sleep 60');
    const following = logs('--follow');
    following.stdout?.once('data', () => following.kill('SIGINT'));
    const { exitCode, stdout, stderr } = await following;
    expect([exitCode, stdout, stderr]).toEqual([130, 'up', '']);
  });

  it('followed, its engine stops: exit 3', async () => {
    await start('echo up; sleep 60');
    const following = logs('--follow');
    await new Promise((resolve) => following.stdout?.once('data', resolve));
    await breakEngine(all.droplets.droplet(one.id));
    const { exitCode, stdout, stderr } = await following;
    await mendEngine(all.droplets.droplet(one.id));
    expect([exitCode, stdout, stderr]).toEqual([3, 'up', expect.stringMatching(/^error: /)]);
  });

  it('followed, the connection is lost: exit 3', async () => {
    await start('echo up; sleep 60');
    const following = logs('--follow');
    await new Promise((resolve) => following.stdout?.once('data', resolve));
    await machine().run('pkill', '-KILL', 'sshd');
    const { exitCode, stdout, stderr } = await following;
    expect([exitCode, stdout]).toEqual([3, 'up']);
    expect(stderr).toContain('the ssh connection was lost');
    await machine().order('systemctl restart ssh');
  });
});

describe('cloud-init', () => {
  const own = '==> first-boot <==\nstep one\nstep two';

  it('tells what cloud-init wrote, and then the steps of the kit', async () => {
    const { exitCode, stdout, stderr } = await logs('cloud-init');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^==> cloud-init <==\nCloud-init v\..*\n[\s\S]*\nsaid in runcmd\n/);
    expect(stdout.endsWith(own)).toBe(true);
    const short = (await logs('cloud-init', '--tail', '1', '--json')).stdout.split('\n');
    expect(short.map((each) => JSON.parse(each))).toEqual([
      { source: 'cloud-init', stream: null, time: null, text: expect.any(String) },
      { source: 'first-boot', stream: null, time: null, text: 'step two' },
    ]);
  });

  it('without the secrets that are known', async () => {
    const line = one.keys.bootstrapHost.privateKey.reveal().split('\n')[2] ?? '';
    await machine().run('sh', '-c', `echo "key ${line}" >>${ON_DROPLET.log}`);
    expect((await logs('cloud-init', '--tail', '1')).stdout).toMatch(/\nkey \[secret\]$/);
  });

  it('is followed as it grows, until Ctrl-C; nothing is left running', async () => {
    const following = logs('cloud-init', '--follow', '--tail', '0');
    const isTailed = () => machine().try('pgrep', '-c', 'tail');
    while ((await isTailed()).output !== '2') await new Promise((done) => setTimeout(done, 100));
    await machine().run('sh', '-c', `echo later >>${ON_DROPLET.log}`);
    await new Promise((resolve) => following.stdout?.once('data', resolve));
    following.kill('SIGINT');
    const { exitCode, stdout, stderr } = await following;
    expect([exitCode, stdout, stderr]).toEqual([130, '==> first-boot <==\nlater', '']);
    while ((await isTailed()).output !== '0') await new Promise((done) => setTimeout(done, 100));
  });

  it('--since is refused: these logs tell no times', async () => {
    const { exitCode, stderr } = await logs('cloud-init', '--since', '1h');
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('--since: the logs of a first'),
    ]);
  });
});
