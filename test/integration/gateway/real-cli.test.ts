import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type RealCli, realCli } from '../../support/real-cli.js';
import { query, USERS_AND_POSTS, WITH_PUBLISHED, writeService } from '../../support/service.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { type GatewayBeforeC, startGatewayBeforeC } from './gateway-before-c.js';
import { privateKey, type TestGateway } from './test-gateway.js';

let parts: GatewayBeforeC;
let gateway: TestGateway;

beforeAll(async () => {
  parts = await startGatewayBeforeC({ rate: {} });
  gateway = parts.gateway;
});
afterAll(async () => {
  await parts?.stop();
});

const forC = (types: string) => types.replaceAll('ID! @unique', 'ID! @id');

// They sign with the key of their entry, or know the old path only: without the gateway none deploys to C.
test.each<RealCli>(['1.0.11', '1.4.1', '1.6.3', '1.7.4', '1.8.3'])(
  'CLI %s and its registry entry work with a server of generation C',
  async (cli) => {
    const [home, cwd] = [await temporaryDirectory(), await temporaryDirectory()];
    await mkdir(join(home, '.prisma'));
    const entry = { host: `http://localhost:${gateway.port}`, clusterSecret: privateKey };
    await writeFile(join(home, '.prisma/config.yml'), stringify({ clusters: { local: entry } }));
    const run = async (...argv: string[]) => {
      const { all, stdout, exitCode } = await realCli(cli, argv, { cwd, home });
      return { all, stdout, exitCode };
    };
    await writeService(cwd, { cluster: 'local', types: forC(USERS_AND_POSTS) });
    const first = await run('deploy');
    expect(first).toMatchObject({ exitCode: 0 });
    expect((await run('deploy')).all).toContain('Service is already up to date.');
    await writeService(cwd, { cluster: 'local', types: forC(WITH_PUBLISHED) });
    expect((await run('deploy')).all).toContain('Created field `published` of type `Boolean`');
    // Some put a warning before it.
    const token = (await run('token')).stdout.trim().split('\n').at(-1) ?? '';
    const url = `${gateway.url}/blog/dev`;
    const create =
      'mutation { createUser(data: { email: "a", posts: { create: { title: "t" } } }) { posts { title } } }';
    expect(await query(url, create, token)).toEqual({
      data: { createUser: { posts: [{ title: 't' }] } },
    });
    expect((await query(url, create)).errors?.[0]?.code).toBe(3015);
    expect(await run('delete', '--force')).toMatchObject({ exitCode: 0 });
    expect((await query(url, '{ users { id } }', token)).errors?.[0]?.code).toBe(3016);
  },
);
