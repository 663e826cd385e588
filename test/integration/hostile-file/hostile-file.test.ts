import { access, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestCluster } from '../../support/test-cluster.js';

/**
 * What a stranger may leave in a project, and what must not come of it. A new case is one line: its name, what it
 * plants, and the text that a refusal has; without that text the commands go on as if it were not there.
 * `proof` is a file that no case may bring about.
 */
interface Case {
  readonly name: string;
  readonly plant: (place: Place) => Promise<unknown>;
  readonly refusal?: string;
}

interface Place {
  readonly cluster: TestCluster;
  /** Where Terraform runs for the cluster. */
  readonly stack: string;
  readonly proof: string;
}

const put = async (path: string, content: string | object, mode = 0o600) => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  await writeFile(path, text, { mode });
};

/** Terraform's code that runs a program as soon as it is planned. */
const code = (proof: string) =>
  `data "external" "x" { program = ["touch", "${proof}"] }\nresource "terraform_data" "x" {\n  provisioner "local-exec" { command = "touch ${proof}" }\n}\nlocals { x = file("/nonexistent") }\n`;
const destroyCode = (proof: string) => ({
  terraform: { required_providers: { docker: { source: 'kreuzwerker/docker' } } },
  resource: {
    terraform_data: {
      x: { provisioner: [{ 'local-exec': { when: 'destroy', command: `touch ${proof}` } }] },
    },
  },
});
const state = (...resources: object[]) => ({ version: 4, serial: 1, lineage: 'x', resources });
/** A state with a step whose input names a path. */
const stepWith = ({ cluster: { name, stateDir } }: Place, paths: object) =>
  put(
    `${stateDir}/state/${name}.tfstate`,
    state({
      mode: 'managed',
      type: 'terraform_data',
      name: 'ground',
      provider: 'provider["terraform.io/builtin/terraform"]',
      instances: [
        {
          attributes: {
            id: '1',
            input: {
              value: { cluster: name, keyDirectory: `${stateDir}/keys/${name}`, ...paths },
              type: 'dynamic',
            },
          },
        },
      ],
    }),
  );
const program = (proof: string) => `#!/bin/sh\ntouch '${proof}'\n`;
const PACKAGE = 'registry.terraform.io/kreuzwerker/docker/4.6.0/linux_amd64';

const CASES: readonly Case[] = [
  { name: 'a *.tf', plant: ({ stack, proof }) => put(`${stack}/evil.tf`, code(proof)) },
  { name: 'an override', plant: ({ stack, proof }) => put(`${stack}/override.tf`, code(proof)) },
  { name: 'variables', plant: ({ stack }) => put(`${stack}/x.auto.tfvars`, 'damaged {') },
  {
    name: 'a cdk.tf.json',
    plant: ({ stack, proof }) => put(`${stack}/cdk.tf.json`, destroyCode(proof)),
  },
  {
    name: 'a provider in .terraform',
    plant: ({ stack, proof }) =>
      put(
        `${stack}/.terraform/providers/${PACKAGE}/terraform-provider-docker_v4.6.0`,
        program(proof),
        0o755,
      ),
  },
  {
    name: 'a provider in terraform.d',
    plant: ({ stack, proof }) =>
      put(
        `${stack}/terraform.d/plugins/${PACKAGE}/terraform-provider-docker_v4.6.0`,
        program(proof),
        0o755,
      ),
  },
  {
    name: 'a lock file',
    plant: ({ stack }) => put(`${stack}/.terraform.lock.hcl`, 'provider "a/b/c" { version = "1" }'),
  },
  { name: 'a workspace', plant: ({ stack }) => put(`${stack}/.terraform/environment`, 'prod') },
  {
    name: 'a link in the place of the stack',
    plant: async ({ stack, cluster }) => {
      await mkdir(dirname(stack), { recursive: true, mode: 0o700 });
      await symlink(cluster.home, stack);
    },
  },
  {
    name: 'a provider in the state',
    plant: ({ cluster }) =>
      put(
        `${cluster.stateDir}/state/${cluster.name}.tfstate`,
        state({
          mode: 'managed',
          type: 'evil_x',
          name: 'x',
          provider: 'provider["registry.terraform.io/evil/evil"]',
          instances: [{ attributes: { id: '1' } }],
        }),
      ),
    refusal: 'evil',
  },
  {
    name: 'the home as key store in the state',
    plant: (place) => stepWith(place, { keyDirectory: place.cluster.home }),
    refusal: "as 'keyDirectory' of a step, which is not this project's",
  },
  {
    name: 'a path with dots as key store in the state',
    plant: (place) =>
      stepWith(place, { keyDirectory: `${place.cluster.stateDir}/keys/../../../home` }),
    refusal: "as 'keyDirectory' of a step, which is not this project's",
  },
  {
    name: 'another directory as project in the state',
    plant: (place) => stepWith(place, { project: place.cluster.home }),
    refusal: "as 'project' of a step, which is not this project's",
  },
  {
    name: 'another file as state in the state',
    plant: (place) => stepWith(place, { stateFile: '/etc/hostname' }),
    refusal: "as 'stateFile' of a step, which is not this project's",
  },
  {
    name: 'another cluster in the state',
    plant: (place) => stepWith(place, { cluster: '../../x' }),
    refusal: "as 'cluster' of a step, which is not this project's",
  },
  {
    name: 'a pipe for a secret',
    plant: async ({ cluster }) => {
      await put(`${cluster.stateDir}/keys/${cluster.name}/x`, '');
      await execa('mkfifo', [`${cluster.stateDir}/keys/${cluster.name}/private.pem`]);
    },
    refusal: 'is neither a file nor a directory',
  },
  {
    name: 'a link for a secret',
    plant: async ({ cluster }) => {
      await put(`${cluster.stateDir}/keys/${cluster.name}/x`, '');
      await symlink('/etc/hostname', `${cluster.stateDir}/keys/${cluster.name}/private.pem`);
    },
    refusal: 'is a link',
  },
  {
    name: 'a link for a mark',
    plant: async ({ cluster }) => {
      await put(`${cluster.stateDir}/state/x`, '');
      await symlink(join(cluster.home, 'x'), `${cluster.stateDir}/state/${cluster.name}.applied`);
    },
    refusal: 'is a link',
  },
  {
    name: 'a directory for all',
    plant: async ({ cluster }) => {
      await put(`${cluster.stateDir}/state/x`, '');
      await execa('chmod', ['777', cluster.stateDir]);
    },
    refusal: 'others can write to it',
  },
  {
    name: 'files of a repository',
    plant: async ({ cluster }) => {
      await put(`${cluster.stateDir}/state/x`, '');
      await execa('git', ['init', '-q'], { cwd: cluster.directory });
      await execa('git', ['add', '-f', '.clusterkit'], { cwd: cluster.directory });
    },
    refusal: 'is tracked by git',
  },
];

/** Plants `cases` in one project, and returns what the commands say there. */
async function planted(cases: readonly Case[], verbs: readonly string[]) {
  const cluster = await TestCluster.create();
  try {
    const { directory, stateDir, name, home } = cluster;
    const stack = join(stateDir, 'cdktf.out', 'stacks', name);
    const proofOf = (at: number) => join(directory, `proof-${at}`);
    for (const [at, { plant }] of cases.entries())
      await plant({ cluster, proof: proofOf(at), stack });
    const said: string[] = [];
    for (const verb of verbs) {
      const { all, exitCode } = await cluster.kit([verb, name]);
      expect(exitCode, `${verb}: ${all}`).not.toBe(1);
      said.push(all ?? '');
    }
    const run = [];
    for (const [at, { name: what }] of cases.entries()) {
      if ((await access(proofOf(at)).catch(() => 'absent')) !== 'absent') run.push(what);
    }
    expect(run).toEqual([]);
    await access(home);
    return said;
  } finally {
    await cluster.dispose();
  }
}

describe.concurrent('what a stranger planted', () => {
  // What is ignored matters where Terraform runs. A link takes the place of all others, so it has a project of its own.
  const ignored = CASES.filter(({ refusal }) => refusal === undefined);
  const links = ignored.filter(({ name }) => name.startsWith('a link'));
  const files = ignored.filter((one) => !links.includes(one));
  test.for([files, links])(
    '%#: plan goes on as if nothing were there',
    async (cases, { expect }) => {
      expect(cases.length).toBeGreaterThan(0);
      const [plan] = await planted(cases, ['plan']);
      expect(plan).toContain('terraform_data.ground (create)');
    },
  );

  // What is refused, everywhere.
  const refused = CASES.filter(({ refusal }) => refusal !== undefined);
  test.for(refused)('$name: every command refuses it', async (one, { expect }) => {
    const [plan] = await planted([one], ['plan', 'status', 'logs', 'down']);
    expect(plan).toContain(one.refusal);
  });
});

describe('what a stranger planted after an up', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.create();
    const { exitCode, all } = await cluster.up();
    expect(exitCode, all).toBe(0);
  });
  afterAll(() => cluster?.dispose());

  test('down without settings removes the cluster, and runs nothing that lies there', async () => {
    const proof = join(cluster.directory, 'proof');
    const stack = join(cluster.stateDir, 'cdktf.out', 'stacks', cluster.name);
    const planted = destroyCode(proof);
    const { x } = planted.resource.terraform_data;
    await put(join(stack, 'cdk.tf.json'), {
      ...planted,
      resource: { terraform_data: { ground: x, sweep: x, register: x } },
    });
    await writeFile(cluster.configFile, 'clusters: {}\n');
    const { exitCode, all } = await cluster.down();
    expect(exitCode, all).toBe(0);
    expect(all).toContain('server removed');
    await expect(access(proof)).rejects.toThrow('ENOENT');
  });
});
