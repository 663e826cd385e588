import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containerIds, engine, tracesOf } from '../support/engine-traces.js';
import { installRealCli, type RealCli, realCli, realCliEnv } from '../support/real-cli.js';
import { query, USERS_AND_POSTS, WITH_PUBLISHED } from '../support/service.js';
import { TestCluster, type TestClusterProps } from '../support/test-cluster.js';

interface Generation extends TestClusterProps {
  readonly serverVersion: string;
  readonly generation: string;
  readonly clis: readonly RealCli[];
}

/** The bundled server as each generation, on each database, and two real CLIs in front of it. */
const GENERATIONS: readonly Generation[] = [
  { generation: 'A', serverVersion: '1.6.3', connector: 'mysql', clis: ['1.4.1', '1.6.3'] },
  { generation: 'B', serverVersion: '1.8', connector: 'mysql', clis: ['1.6.3', '1.7.4'] },
  { generation: 'B', serverVersion: '1.20', auth: 'secret', clis: ['1.20.7', 'prisma1@1.34.12'] },
  { generation: 'C', serverVersion: '1.34', auth: 'secret', clis: ['1.20.7', 'prisma1@1.34.12'] },
];

const isLate = (cli: RealCli) => /^1\.(9|\d\d)\.|@/.test(cli);

/** A service with a CLI of its own in node_modules, in the form that the CLI wants. */
async function writeService(cluster: TestCluster, cli: RealCli): Promise<string> {
  const name = `s${cli.replace(/\W/g, '')}`;
  const directory = join(cluster.directory, name);
  await mkdir(directory);
  await symlink(join(await installRealCli(cli), 'node_modules'), join(directory, 'node_modules'));
  const place = isLate(cli)
    ? `endpoint: \${env:PRISMA_ENDPOINT}/${name}/dev`
    : `service: ${name}\nstage: dev`;
  await writeFile(
    join(directory, 'prisma.yml'),
    `${place}\n# keep me\ndatamodel: datamodel.graphql\nsecret: the-service-secret\n`,
  );
  return directory;
}

/** A HOME for a CLI, with the registry of the cluster's: CLIs leave things there. */
async function cliHome(cluster: TestCluster, cli: RealCli): Promise<string> {
  const home = join(cluster.directory, `home-${cli.replace(/\W/g, '')}`);
  await cp(cluster.home, home, { recursive: true });
  return home;
}

describe.each(GENERATIONS)(
  '$generation, version $serverVersion',
  ({ generation, clis, ...props }) => {
    const { serverVersion, auth = 'rsa' } = props;
    const secretFile = auth === 'rsa' ? 'private.pem' : 'management-secret';
    let cluster: TestCluster;
    let upOutput: string;

    beforeAll(async () => {
      cluster = await TestCluster.create(props);
      const { exitCode, all } = await cluster.up();
      expect(exitCode, all).toBe(0);
      upOutput = all;
    });
    afterAll(() => cluster?.dispose());

    test('up: listed, a token, nothing to change, no secret in sight', async () => {
      const list = await cluster.kit(['list', '--json']);
      expect(JSON.parse(list.stdout).clusters).toEqual([
        expect.objectContaining({
          name: cluster.name,
          online: true,
          version: expect.stringContaining('clusterkit'),
          generation,
          auth: 'ok',
          origin: 'ours',
        }),
      ]);
      const service = ['--service', 's', '--stage', 't'];
      const token = await cluster.kit(['cluster', 'token', cluster.name, ...service]);
      expect(token.exitCode, token.all).toBe(0);
      const [header = ''] = token.stdout.split('.');
      expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({
        alg: auth === 'rsa' ? 'RS256' : 'HS256',
      });

      const plan = await cluster.plan();
      expect(plan.exitCode, plan.all).toBe(0);

      const keys = join(cluster.stateDir, 'keys', cluster.name);
      expect(await readdir(keys)).toEqual(['database-password', secretFile].sort());
      const secrets = await Promise.all(
        ['database-password', secretFile].map((name) => readFile(join(keys, name), 'utf8')),
      );
      const words = secrets.map((text) => text.trim().split('\n').at(-2) ?? text.trim());
      expect(await cluster.readRegistry()).toContain(words[1]);
      const seen = [
        await readFile(join(cluster.stateDir, 'state', `${cluster.name}.tfstate`), 'utf8'),
        JSON.stringify(await engine.getContainer(`clusterkit-${cluster.name}-server`).inspect()),
        JSON.stringify(await engine.getContainer(`clusterkit-${cluster.name}-database`).inspect()),
        ...[upOutput, list.all, plan.all],
      ].join('\n');
      for (const word of words) expect(seen).not.toContain(word);
    });

    test.each(clis)('CLI %s: deploy, redeploy, info, token, query', async (cli) => {
      const service = await writeService(cluster, cli);
      const types = (text: string) =>
        writeFile(
          join(service, 'datamodel.graphql'),
          serverVersion === '1.34' ? text.replaceAll('id: ID! @unique', 'id: ID! @id') : text,
        );
      const home = await cliHome(cluster, cli);
      const env = realCliEnv(home);
      const deploy = async (...argv: string[]) => {
        const { exitCode, stdout, stderr } = await cluster.kit(
          ['deploy', service, '--json', ...argv],
          { env },
        );
        expect(exitCode, stderr).toBe(0);
        return JSON.parse(stdout);
      };
      const before = await readFile(join(service, 'prisma.yml'), 'utf8');
      await types(USERS_AND_POSTS);
      const first = await deploy('--cluster', cluster.name);
      expect(first).toMatchObject({
        cluster: cluster.name,
        cliVersion: cli.replace(/.*@/, ''),
        serverVersion: expect.stringContaining('clusterkit'),
        ...{ exitCode: 0, verified: true },
      });
      const remembered = await readFile(join(service, 'prisma.yml'), 'utf8');
      const line = `${isLate(cli) ? '# ' : ''}cluster: ${cluster.name}\n`;
      expect(remembered).toBe(before.replace('# keep me\n', `${line}# keep me\n`));

      await types(WITH_PUBLISHED);
      expect(await deploy()).toMatchObject({ verified: true });
      expect(await deploy()).toMatchObject({ verified: true });

      const own = { cwd: service, home, env: { PRISMA_ENDPOINT: cluster.endpoint } };
      const info = await realCli(cli, ['info'], own);
      expect([info.exitCode, info.all]).toEqual([0, expect.stringContaining(first.endpoint)]);
      // CLI 1.7 prints a warning first.
      const token = (await realCli(cli, ['token'], own)).stdout.trim().split('\n').at(-1);
      const mutation =
        'mutation { createPost(data: {title: "a" published: true author: {create: {email: "x"}}}) { published author { email } } }';
      expect(await query(first.endpoint, mutation, token)).toEqual({
        data: { createPost: { published: true, author: { email: 'x' } } },
      });
      expect((await query(first.endpoint, '{ posts { title } }')).errors?.[0]?.code).toBe(3015);
    });

    test.runIf(auth === 'rsa')(
      'the newest CLI signs with a secret that is derived from the key, where the server knows of it',
      async () => {
        const cli = 'prisma1@1.34.12';
        const service = await writeService(cluster, cli);
        await writeFile(join(service, 'datamodel.graphql'), USERS_AND_POSTS);
        const env = realCliEnv(await cliHome(cluster, cli));
        const deploy = ['deploy', service, '--cluster', cluster.name];
        const run = await cluster.kit(deploy, { env });
        const definition = await readFile(join(service, 'prisma.yml'), 'utf8');
        if (generation === 'A') {
          expect([run.exitCode, run.stderr]).toEqual([
            2,
            expect.stringContaining('Use a CLI up to 1.8'),
          ]);
          expect(definition).not.toContain(cluster.name);
        } else {
          expect(run.exitCode, run.all).toBe(0);
          expect(definition).toContain(cluster.name);
        }
      },
    );

    test('down: nothing is left', async () => {
      const down = await cluster.down();
      expect(down.exitCode, down.all).toBe(0);
      expect(await tracesOf(cluster.name)).toEqual([]);
      expect(await readdir(cluster.home)).toEqual([]);
    });
  },
);

describe('a cluster whose settings change their kind', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.create({ auth: 'rsa' });
    const up = await cluster.up('--json');
    expect(up.exitCode, up.all).toBe(0);
    expect(JSON.parse(up.stdout)).toMatchObject([{ entry: 'added' }]);
    expect(await cluster.readRegistry()).toContain('BEGIN RSA PRIVATE KEY');
  });
  afterAll(() => cluster?.dispose());

  test('from key pair to secret and back: the server, the registry and the data follow', async () => {
    for (const auth of ['secret', 'rsa'] as const) {
      await cluster.configure({ auth });
      const up = await cluster.up('--json');
      expect(up.exitCode, up.all).toBe(0);
      expect(JSON.parse(up.stdout)).toMatchObject([{ entry: 'changed' }]);
      const status = await cluster.status('--json');
      expect(JSON.parse(status.stdout)[0]).toMatchObject({ healthy: true, auth: 'ok' });
      const registry = await cluster.readRegistry();
      expect(registry?.includes('BEGIN RSA PRIVATE KEY')).toBe(auth === 'rsa');
    }
  });

  test('another kind of database under the same data: refused, and the cluster is as it was', async () => {
    const before = await containerIds(cluster.name);
    for (const props of [
      { connector: 'mysql' as const },
      { connector: 'mysql' as const, serverVersion: '1.6' },
    ]) {
      await cluster.configure(props);
      for (const verb of ['plan', 'up'] as const) {
        const { exitCode, stderr } = await cluster[verb]();
        expect(exitCode, stderr).toBe(2);
        expect(stderr).toContain('data is of PostgreSQL; the settings now need MySQL');
      }
    }
    await cluster.configure();
    const again = await cluster.up('--json');
    expect(JSON.parse(again.stdout)[0]).toMatchObject({ changes: 0, entry: 'unchanged' });
    expect(await containerIds(cluster.name)).toEqual(before);
  });
});
