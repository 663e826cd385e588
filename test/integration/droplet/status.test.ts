import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { awaitSsh } from '../../../clients/ssh/await-ssh.js';
import type { State } from '../../../clients/terraform/state/state.js';
import { ensureSecrets } from '../../../cluster/keys/key-store.js';
import { newOpensshKey } from '../../../targets/droplet/keys/openssh-key.js';
import { type BootedDroplet, BootedDroplets } from '../../support/digitalocean/booted-droplet.js';
import { BootedProject } from '../../support/digitalocean/booted-project.js';
import { lockedServer } from '../../support/locked-server.js';
import { stateWith } from '../../support/terraform-state.js';
import { IMAGES } from '../../support/test-project.js';

let all: BootedDroplets;
let one: BootedDroplet;
let project: BootedProject;
let server: Awaited<ReturnType<typeof lockedServer>>;

/** Two containers of nothing but a shell in the place of the cluster's. */
const PARTS = `tar -C / -ch bin/sh bin/sleep \
    $(ldd /bin/sh /bin/sleep | grep -o '/lib[^ ]*' | sort -u) 2>/dev/null | docker import - shell
  for role in server database; do
    docker run -d --name $role --label dev.clusterkit.cluster=$1 --label dev.clusterkit.role=$role shell /bin/sleep 9999
  done`;

beforeAll(async () => {
  all = await BootedDroplets.open();
  one = await all.boot();
  project = await BootedProject.create(one);
  const { login, bootstrapHost } = one.keys;
  const hostKeys = [bootstrapHost.publicKey];
  (await awaitSsh({ host: one.host, privateKey: login.privateKey, hostKeys })).close();
  await machine().order('systemctl start docker');
  await machine().run('sh', '-c', PARTS, 'sh', project.name);
}, 600_000);
// The server is of this machine: what is asked of it is no matter here.
beforeEach(async () => {
  const { clusterSecret, publicKey } = await ensureSecrets(project.keyDirectory, 'rsa');
  server = await lockedServer(publicKey);
  const entry = { host: server.host, clusterSecret: clusterSecret.reveal() };
  await project.writeRegistry(stringify({ clusters: { [project.name]: entry } }));
  await writeState({ endpoint: { value: server.host } });
});
afterAll(async () => {
  await project?.dispose();
  await all?.dispose();
});

const machine = () => all.droplets.droplet(one.id).machine;

/** What an apply left, as far as `status` reads it. */
async function writeState(outputs: State['outputs']): Promise<void> {
  await mkdir(join(project.stateDir, 'state'), { recursive: true });
  const resources = [
    { type: 'digitalocean_droplet', name: 'droplet', instances: [{ attributes: { id: '1' } }] },
  ];
  const path = join(project.stateDir, 'state', `${project.name}.tfstate`);
  await writeFile(path, JSON.stringify(stateWith(resources, outputs)));
}

async function status(...names: string[]) {
  const { exitCode, stdout, all: said } = await project.kit(['status', ...names, '--json']);
  expect(stdout, said).toMatch(/^\[/);
  return { exitCode, results: JSON.parse(stdout) };
}

const well = () => ({
  cluster: project.name,
  target: 'digitalocean',
  endpoint: server.host,
  healthy: true,
  made: true,
  containers: { database: 'running', server: 'running' },
  runs: expect.any(Array),
  version: '1.8.3',
  auth: 'ok',
  key: 'here',
  registry: 'current',
  problems: [],
  steps: expect.arrayContaining([{ step: 'ask engines', ms: expect.any(Number) }]),
});
const unreachable = (message: unknown) => ({
  ...well(),
  healthy: false,
  containers: { database: 'unreachable', server: 'unreachable' },
  problems: [expect.objectContaining({ path: one.host, message })],
});

describe('status of a cluster on a droplet', () => {
  it('tells its containers by the droplet’s own engine', async () => {
    expect(await status()).toEqual({ exitCode: 0, results: [well()] });
    await machine().run('docker', 'stop', '-t', '0', 'database');
    const { exitCode, results } = await status(project.name);
    expect([exitCode, results[0].containers]).toEqual([
      4,
      { database: 'exited', server: 'running' },
    ]);
    await machine().run('docker', 'start', 'database');
  });

  it('another host key: unreachable, the rest is told', async () => {
    const { default: ssh2 } = await import('ssh2');
    const key = ssh2.utils.parseKey(newOpensshKey());
    if (key instanceof Error) throw key;
    await project.know(one, `ssh-ed25519 ${key.getPublicSSH().toString('base64')}`);
    expect(await status(project.name)).toEqual({
      exitCode: 4,
      results: [unreachable(expect.stringContaining('has host key SHA256:'))],
    });
    await project.know(one);
  });

  it('an engine that does not run: unreachable', async () => {
    await machine().run('systemctl', 'stop', 'docker.socket', 'docker');
    expect(await status(project.name)).toEqual({
      exitCode: 4,
      results: [unreachable(expect.stringContaining('no Docker engine answers'))],
    });
    await machine().run('systemctl', 'start', 'docker');
    await machine().run('docker', 'start', 'database', 'server');
  });

  it('beside others: one that is not up, one that is broken, one whose settings are no good', async () => {
    const settings = {
      target: 'digitalocean',
      volume: false,
      server: { image: IMAGES.server, version: '1.8' },
      database: { connector: 'postgres', image: IMAGES.database },
    };
    const { volume: _, ...common } = settings;
    const local = { ...common, target: 'docker', port: 45_997 };
    const clusters = {
      fresh: settings,
      broken: local,
      odd: { ...local, server: { image: 'localhost/of/no/version' } },
      [project.name]: settings,
    };
    await writeFile(project.configFile, stringify({ clusters }));
    const brokenKeys = join(project.stateDir, 'keys', 'broken');
    await ensureSecrets(brokenKeys, 'rsa');
    await writeFile(join(brokenKeys, 'private.pem'), 'damaged\n');

    const { exitCode, results } = await status();
    const nothing = {
      healthy: false,
      made: expect.any(Boolean),
      runs: [],
      version: null,
      auth: 'unknown',
      key: expect.stringMatching(/^(here|absent|unknown)$/),
      steps: expect.any(Array),
    };
    const both = (state: string) => ({ database: state, server: state });
    expect([exitCode, results]).toEqual([
      4,
      [
        {
          ...{ cluster: 'fresh', target: 'digitalocean', endpoint: null, ...nothing },
          ...{ containers: both('absent'), registry: 'absent', problems: [] },
        },
        {
          ...{ cluster: 'broken', target: 'docker', endpoint: 'http://127.0.0.1:45997' },
          ...{ ...nothing, containers: both('absent'), registry: 'unknown' },
          problems: [expect.objectContaining({ path: join(brokenKeys, 'private.pem') })],
        },
        {
          ...{ cluster: 'odd', target: 'docker', endpoint: null, ...nothing },
          ...{ containers: both('unknown'), registry: 'unknown' },
          problems: [expect.objectContaining({ path: 'clusters.odd.server.version' })],
        },
        well(),
      ],
    ]);
    const { stdout } = await project.kit(['status']);
    expect(stdout).toContain('fresh: not made\n  endpoint   none yet\n');
    expect(stdout).toMatch(/\n {2}problem {4}\S+private\.pem: .*\n {15}Restore the file/);
    const env = { DOCKER_HOST: 'tcp://127.0.0.1:9' };
    const noEngine = JSON.parse((await project.kit(['status', '--json'], { env })).stdout);
    expect(noEngine[1]).toMatchObject({
      containers: both('unreachable'),
      problems: [{}, { message: expect.stringContaining('no Docker engine answers') }],
    });
    expect(noEngine[3]).toEqual(well());
    const alone = await project.kit(['status', 'broken']);
    expect([alone.exitCode, alone.stdout]).toEqual([2, '']);
  });

  it('one that is silent: unreachable, after a while', async () => {
    await machine().run('pkill', '-STOP', '-o', 'sshd');
    expect(await status(project.name)).toEqual({
      exitCode: 4,
      results: [unreachable('no ssh connection: no answer within 8 s')],
    });
  });
});
