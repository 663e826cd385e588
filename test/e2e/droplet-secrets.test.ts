import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TEST_TOKEN } from '../support/digitalocean/api/server.js';
import { TestDropletCluster } from '../support/droplet-cluster.js';
import { type SeenProcesses, watchProcesses } from '../support/own-processes.js';
import { clusterNeedles, sshKeyNeedles } from '../support/secret-needles.js';
import { terraformOf } from '../support/terraform-of.js';
import { watchGuest } from '../support/watch-guest.js';

describe('after up, no secret of a cluster on a droplet', () => {
  let cluster: TestDropletCluster;
  let needles: string[];
  let output: string;
  let here: SeenProcesses;
  let there: string;
  /** Plans as `up` and `plan` saved them, while they were there. */
  let plans: string[];

  const guest = async (script: string) =>
    (await cluster.account.machine()).machine.run('sh', '-c', script);
  const userData = async () =>
    cluster.account.api.userData((await cluster.account.only()).id) ?? '';
  const bootstrapKey = async () =>
    /-----BEGIN OPENSSH PRIVATE KEY-----[^-]+-----END OPENSSH PRIVATE KEY-----/.exec(
      await userData(),
    )?.[0] ?? '';

  beforeAll(async () => {
    cluster = await TestDropletCluster.create();
    const onMachine = watchProcesses(50);
    const onDroplet = watchGuest(cluster.account);
    const saved = watchPlans(cluster);
    const before = await cluster.plan('--verbose');
    expect(before.exitCode, before.all).toBe(4);
    const { exitCode, all } = await cluster.up('--verbose');
    plans = await saved.stop();
    here = await onMachine.stop();
    expect(exitCode, all).toBe(0);
    there = await onDroplet.stop();
    output = `${before.all}\n${all}`;
    const loginKey = await readFile(join(cluster.keyDirectory, 'login-key'), 'utf8');
    needles = [
      ...(await clusterNeedles(cluster.keyDirectory)),
      ...sshKeyNeedles(loginKey),
      TEST_TOKEN,
    ];
  });
  afterAll(() => cluster?.dispose());

  const expectClean = (what: string, text: string, all = needles) => {
    const found = all.filter((needle) => text.includes(needle));
    expect(found.length, `${what} has ${found.length} of ${all.length}`).toBe(0);
  };

  test('in the output', () => {
    expect(output).toContain('Registered');
    expectClean('output', output);
  });

  test('in arguments on this machine; in environments only the token, of those who use it', () => {
    expect(here.samples).toBeGreaterThan(50);
    for (const program of ['run-stage.js', 'terraform-provider-digitalocean']) {
      expect(here.text).toContain(program);
    }
    expectClean('arguments', here.text);
    // The health check of the database runs in the droplet, which is a container of this machine.
    const allowed = /^\S*(node|terraform\S*|tofu): DIGITALOCEAN_TOKEN=|^psql: PGPASSWORD=/;
    const others = here.environments.split('\n').filter((line) => !allowed.test(line));
    const leaky = others.filter((line) => needles.some((needle) => line.includes(needle)));
    // Program and variable tell enough.
    expect(leaky.map((line) => line.split('=')[0])).toEqual([]);
  });

  test('in arguments and environments inside the droplet, but of the health check', () => {
    expect(there).toContain('/usr/bin/cloud-init');
    expect(there).toContain('PRISMA_CONFIG_PATH');
    // psql of the health check takes it from nowhere else that is not a file of its own.
    const others = there.split('\n').filter((line) => !line.startsWith('PGPASSWORD='));
    expectClean('processes of the droplet', others.join('\n'));
  });

  test('in any file of the project but the key store', async () => {
    const entries = await readdir(cluster.stateDir, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((each) => each.isFile())
      .map((each) => join(each.parentPath, each.name))
      .filter((path) => !path.startsWith(join(cluster.stateDir, 'keys')));
    const names = files.map((path) => path.slice(cluster.stateDir.length + 1));
    expect(names).toContain(`state/${cluster.name}.tfstate`);
    expect(names).toContain(`cdktf.out/stacks/${cluster.name}/cdk.tf.json`);
    expect(names.filter((name) => /plan$/.test(name))).toEqual([]);
    const bootstrap = sshKeyNeedles(await bootstrapKey());
    for (const path of files) {
      expectClean(path, await readFile(path, 'latin1'), [...needles, ...bootstrap]);
    }
  });

  test('in plans: those that were applied, and one of destruction', async () => {
    const { name, stateDir, home } = cluster;
    const { terraform } = await terraformOf({ name, stateDir, home, env: cluster.env() });
    const made = join(cluster.directory, 'destroy.tfplan');
    await terraform('plan', '-destroy', '-input=false', `-out=${made}`);
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of [...plans, made]) {
      const { stdout } = await terraform('show', '-json', plan);
      expect(stdout).toContain('digitalocean_droplet');
      expectClean('plan', stdout);
    }
    expectClean('state', (await terraform('show', '-json')).stdout);
  });

  test('in user data, which carries the key of the first boot alone', async () => {
    expect(await bootstrapKey()).not.toBe('');
    expectClean('user data', await userData());
  });

  test('nor is the key of the first boot of any use: it is no host key, and not kept', async () => {
    const bootstrap = sshKeyNeedles(await bootstrapKey());
    expectClean('host keys', await guest('find /etc/ssh -type f -exec cat {} +'), bootstrap);
    for (const name of await readdir(cluster.keyDirectory)) {
      expectClean(name, await readFile(join(cluster.keyDirectory, name), 'latin1'), bootstrap);
    }
    const known = await readFile(join(cluster.keyDirectory, 'known-hosts.json'), 'utf8');
    const shown = await guest('cut -d " " -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub');
    expect(JSON.parse(known).keys).toEqual([shown]);
  });

  test('in what the droplet writes down, and what its engine tells', async () => {
    const logs = await guest('cat $(find /var/log -type f); journalctl --no-pager');
    expect(logs).toContain('cloud-init');
    expectClean('logs', logs);
    const engine = await guest(
      'for c in $(docker ps -aq); do docker inspect $c; docker logs $c 2>&1; docker top $c; done;' +
        ' docker volume inspect $(docker volume ls -q); docker network inspect $(docker network ls -q)',
    );
    expect(engine).toContain(`clusterkit-${cluster.name}-server`);
    expectClean('engine', engine);
  });

  test('in the output of plan, status and down', async () => {
    for (const run of [
      await cluster.plan('--verbose', '--json'),
      await cluster.status('--verbose', '--json'),
      await cluster.down('--verbose', '--json'),
    ]) {
      expect(run.exitCode, run.all).toBe(0);
      expectClean('output', run.all);
    }
  });
});

/** Copies every plan that appears in the directory of a cluster, for as long as it is there. */
function watchPlans({ stateDir, directory, name }: TestDropletCluster) {
  const stack = join(stateDir, 'cdktf.out', 'stacks', name);
  const copies: string[] = [];
  let running = true;
  const work = (async () => {
    let last = '';
    while (running) {
      const found = (await readdir(stack).catch(() => [])).find((file) => file.endsWith('.tfplan'));
      const content = found && (await readFile(join(stack, found), 'latin1').catch(() => ''));
      if (found && content && content !== last) {
        const copy = join(directory, `${copies.length}.tfplan`);
        await copyFile(join(stack, found), copy).then(
          () => copies.push(copy),
          () => {},
        );
        last = content;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    async stop() {
      running = false;
      await work;
      return copies;
    },
  };
}
