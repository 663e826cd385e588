import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Secret } from '../../../lib/secret.js';
import { derivedSecret } from '../../../prisma/tokens/derived-secret.js';
import { installRealCli, type RealCli, realCliEnv } from '../../support/real-cli.js';
import { entryText } from '../../support/registry-files.js';
import { homeWithRegistry } from '../../support/registry-verbs.js';
import { query } from '../../support/service.js';
import { compiled } from '../../support/test-cluster.js';
import type { TestDatabase } from '../dev-server/database-container.js';
import { startPostgres } from '../dev-server/postgres-container.js';
import { privateKey, startTestServer } from '../dev-server/test-server.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await startPostgres();
});
afterAll(() => database?.remove());

const SECRET = 'a-secret-of-the-cluster';
const DERIVED = { derivedSecret: derivedSecret(new Secret(privateKey)).reveal() };

/** A service's folder as `init` makes it for a server, with the real CLI installed in it. */
async function initialized(cli: RealCli, settings: object, secret: string) {
  const server = await startTestServer(database, settings);
  onTestFinished(() => server.stop());
  const host = `http://127.0.0.1:${server.port}`;
  const { home } = await homeWithRegistry(`clusters:\n${entryText('eu', host, secret)}`);
  const env = realCliEnv(home);
  const cwd = join(home, 'blog');
  const run = (argv: readonly string[], at = cwd) =>
    execa(process.execPath, [compiled('cli/main.js'), ...argv], {
      ...{ cwd: at, env, extendEnv: false, stdin: 'ignore', reject: false, all: true },
    });
  // A cluster with a key pair gets a CLI that finds it in the registry, unless another one is wanted.
  const wanted = secret === privateKey && cli !== '1.6.3' ? ['--cli', cli] : [];
  const made = await run(['init', 'blog', 'blog', '--cluster', 'eu', ...wanted, '--json'], home);
  const result = JSON.parse(made.stdout);
  await symlink(join(await installRealCli(cli), 'node_modules'), join(cwd, 'node_modules'));
  return { host, cwd, env, run, result };
}

/** The README's section Use: a token of the service gives access to the API. */
async function tokenOf({ run }: Pick<Awaited<ReturnType<typeof initialized>>, 'run'>) {
  const { stdout, stderr } = await run(['token']);
  expect(stderr).toBe('');
  return stdout;
}

describe('a folder made by init deploys with the real CLI', () => {
  test.each([
    ['1.6.3', { generation: 'A' }, privateKey, 'prisma', '1.6.3'],
    [
      'prisma1@1.34.12',
      { generation: 'C', managementApiSecret: SECRET },
      SECRET,
      'prisma1',
      '1.34.12',
    ],
    ['prisma1@1.34.12', { managementApiSecret: SECRET }, SECRET, 'prisma1', '1.34.12'],
    ['prisma1@1.34.12', DERIVED, privateKey, 'prisma1', '1.34.12'],
  ] as const)('%s, %j', async (cli, settings, secret, name, version) => {
    const folder = await initialized(cli, settings, secret);
    expect(folder.result).toMatchObject({ cluster: 'eu', cli: { name, version }, notes: [] });
    expect(folder.result.next).toEqual([
      '(cd blog && npm install --ignore-scripts)',
      expect.stringMatching(/scripts\/clusterkit deploy blog$/),
    ]);
    const before = await readFile(join(folder.cwd, 'prisma.yml'), 'utf8');

    const first = await folder.run(['deploy', '--json']);
    expect(first.exitCode, first.all).toBe(0);
    expect(await readFile(join(folder.cwd, 'prisma.yml'), 'utf8')).toBe(before);
    const again = await folder.run(['deploy']);
    expect(again.exitCode, again.all).toBe(0);

    const { host } = folder;
    const api = `${host}/blog/dev`;
    // The cases share one database.
    const email = `${host.replace(/\D/g, '')}@test`;
    const create = `mutation { createUser(data: { email: "${email}", posts: { create: { title: "t" } } }) { posts { author { email } } } }`;
    expect((await query(api, create)).errors?.[0]).toMatchObject({ code: 3015 });
    const token = await tokenOf(folder);
    expect(await query(api, create, token)).toEqual({
      data: { createUser: { posts: [{ author: { email } }] } },
    });
  });

  test.each([
    ['a shared secret', { generation: 'C', managementApiSecret: SECRET }, SECRET],
    ['a key pair, and the secret derived from it', DERIVED, privateKey],
  ])('the CLI alone, handed the cluster by exec: %s', async (_, settings, secret) => {
    const { run } = await initialized('prisma1@1.34.12', settings, secret);
    const prisma = (...argv: string[]) =>
      run(['exec', 'eu', '--management-secret', '--', 'npx', 'prisma1', ...argv]);
    const deployed = await prisma('deploy');
    expect(deployed.exitCode, deployed.all).toBe(0);
    const again = await prisma('deploy');
    expect([again.exitCode, again.all]).toEqual([0, expect.stringContaining('already up to date')]);
    const withToken = await run(['exec', 'eu', '--', 'npx', 'prisma1', 'deploy']);
    expect(withToken.exitCode, withToken.all).toBe(1);
  });

  test('. in an empty directory; a second time nothing is touched', async () => {
    const { home } = await homeWithRegistry('clusters: {}\n');
    const cwd = join(home, 'here');
    await mkdir(cwd);
    const run = () =>
      execa(process.execPath, [compiled('cli/main.js'), 'init', 'blog', '.', '--cli', '1.6.3'], {
        ...{ cwd, env: realCliEnv(home), extendEnv: false, stdin: 'ignore', reject: false },
      });
    const { exitCode, stdout } = await run();
    expect([exitCode, stdout.split('\n').slice(1)]).toEqual([
      0,
      [
        '  npm install --ignore-scripts',
        expect.stringMatching(/scripts\/clusterkit deploy --cluster NAME$/),
      ],
    ]);
    await writeFile(join(cwd, 'prisma.yml'), 'mine');
    const again = await run();
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain('the directory is not empty: .env, .gitignore, README.md');
    expect(await readFile(join(cwd, 'prisma.yml'), 'utf8')).toBe('mine');
  });
});
