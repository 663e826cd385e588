import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installRealCli, type RealCli, realCli, realCliEnv } from '../support/real-cli.js';
import { query, USERS_AND_POSTS, WITH_PUBLISHED } from '../support/service.js';
import { TestCluster, type TestClusterProps } from '../support/test-cluster.js';

/** Real CLIs in front of the bundled server as each generation, one cluster for two CLIs. */
const CLUSTERS: readonly (readonly [string, TestClusterProps, readonly RealCli[]])[] = [
  ['A, key pair', { serverVersion: '1.6', connector: 'mysql' }, ['1.4.1', '1.6.3']],
  ['B, key pair', { serverVersion: '1.8' }, ['1.6.3', '1.7.4']],
  ['B, secret', { serverVersion: '1.20', auth: 'secret' }, ['1.20.7', 'prisma1@1.34.12']],
  ['C', { serverVersion: '1.34' }, ['1.20.7', 'prisma1@1.34.12']],
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

for (const [title, props, clis] of CLUSTERS) {
  describe(`deploy to ${title}`, () => {
    let cluster: TestCluster;
    beforeAll(async () => {
      cluster = await TestCluster.create(props);
      const { exitCode, all } = await cluster.up();
      expect(exitCode, all).toBe(0);
    });
    afterAll(() => cluster?.dispose());

    test.each(clis)('%s: deploy, redeploy, info, token, query', async (cli) => {
      const service = await writeService(cluster, cli);
      const types = (text: string) =>
        writeFile(
          join(service, 'datamodel.graphql'),
          props.serverVersion === '1.34' ? text.replaceAll('id: ID! @unique', 'id: ID! @id') : text,
        );
      const env = realCliEnv(cluster.home);
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

      const call = { cwd: service, home: cluster.home };
      const own = { ...call, env: { PRISMA_ENDPOINT: cluster.endpoint } };
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
  });
}

test('a CLI in front of the wrong server is refused before anything is sent', async ({
  onTestFinished,
}) => {
  const cluster = await TestCluster.create();
  onTestFinished(() => cluster.dispose());
  const { exitCode, all } = await cluster.up();
  expect(exitCode, all).toBe(0);
  const service = await writeService(cluster, 'prisma1@1.34.12');
  await writeFile(join(service, 'datamodel.graphql'), USERS_AND_POSTS);
  const refused = await cluster.kit(['deploy', service, '--cluster', cluster.name], {
    env: realCliEnv(cluster.home),
  });
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('server.auth: secret');
  expect(await readFile(join(service, 'prisma.yml'), 'utf8')).not.toContain(cluster.name);
});
