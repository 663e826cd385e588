import { chmod, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeEntryCertificate } from '../../../registry/file/entry-certificate.js';
import { joinCertificates } from '../../../service/handover/join-certificates.js';
import { TestAuthority } from '../../support/certificates.js';
import { silentHost } from '../../support/management-server.js';
import { pinnedFront } from '../../support/pinned-front.js';
import { eventually } from '../../support/service.js';
import { fakeCluster, type Lock } from './fake-cluster.js';
import { fakeService } from './fake-service.js';

const OPEN = 'service: blog # mine\nstage: dev\ndatamodel: datamodel.graphql\n';
const HERE = `${OPEN}cluster: here # by name\n`;
const NEW_TYPE = 'type User { id: ID! @unique name: String }\n';

async function one(yml = HERE, lock: Lock = 'closed', version?: string) {
  const here = await fakeCluster(lock);
  return { here, ...(await fakeService({ here }, yml, version)) };
}

async function two(yml = HERE) {
  const [here, there] = [await fakeCluster(), await fakeCluster()];
  return { here, there, ...(await fakeService({ here, there }, yml)) };
}

describe('deploy', () => {
  test('runs the CLI unchanged, and verifies the server', async () => {
    const { deploy, notes, yml, here, service, home } = await one();
    const { exitCode, stdout, stderr } = await deploy('deploy', ['--', '--force']);
    expect([exitCode, stdout]).toEqual([0, 'fake CLI at work\nlive']);
    expect(stderr).toBe(`✓ deploying blog/dev to here (${here.host})\nand its stderr`);
    expect(await yml()).toBe(HERE);
    const given = await notes();
    expect(given).toMatchObject({ argv: ['deploy', '--force'], cwd: service, yml: HERE });
    expect(given?.env.HOME).toBe(home);
    expect(given?.env).not.toHaveProperty('PRISMA_MANAGEMENT_API_SECRET');
    expect((await deploy('deploy')).exitCode).toBe(0);
  });

  test('over https with a pinned certificate: the CLI trusts it and the certificates of its environment', async () => {
    const here = await fakeCluster();
    const front = await pinnedFront(here.host);
    const { deploy, notes, env, service, registry } = await fakeService(
      { here: { host: front.host, privateKey: here.privateKey } },
      HERE,
    );
    await writeEntryCertificate(registry, 'here', front.certificate);
    const theirs = (await TestAuthority.create()).certificate;
    await writeFile(join(service, 'theirs.pem'), theirs);
    const { exitCode, stderr } = await deploy('deploy', [], {
      env: { ...env('deploy'), NODE_EXTRA_CA_CERTS: 'theirs.pem' },
    });
    expect([exitCode, stderr]).toEqual([
      0,
      `✓ deploying blog/dev to here (${front.host})\nand its stderr`,
    ]);
    const file = (await notes())?.env.NODE_EXTRA_CA_CERTS ?? '';
    expect(await readFile(file, 'utf8')).toBe(joinCertificates(front.certificate, theirs).pem);
  });

  test('--json: one object on stdout, the output of the CLI on stderr', async () => {
    const { deploy, here, modules } = await one();
    const { stdout, stderr } = await deploy('deploy', ['--json']);
    expect(JSON.parse(stdout)).toEqual({
      ...{ cluster: 'here', service: 'blog', stage: 'dev', endpoint: `${here.host}/blog/dev` },
      ...{ cli: join(modules, '.bin/prisma'), cliVersion: '1.8.3', serverVersion: '1.8.3' },
      ...{ exitCode: 0, verified: true },
    });
    expect(stderr).toContain('fake CLI at work');
  });

  test.each(['lie', 'create'])(
    'a CLI that exits 0 and deployed nothing (%s): exit 3',
    async (lie) => {
      const { deploy } = await one();
      const { exitCode, stdout } = await deploy(lie, ['--json']);
      expect(exitCode).toBe(3);
      expect(JSON.parse(stdout).error).toMatchObject({ code: 'not-deployed', exitCode: 3 });
    },
  );

  test('a CLI that exits 0 but keeps the old datamodel: exit 3; an unchanged datamodel: exit 0', async () => {
    const { deploy, datamodel } = await one();
    expect((await deploy('deploy')).exitCode).toBe(0);
    expect((await deploy('lie')).exitCode).toBe(0);
    await writeFile(datamodel, NEW_TYPE);
    const { exitCode, stderr } = await deploy('lie');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('old datamodel (different: User.name)');
  });

  test('only removals, by CLI 1.0 that calls them up to date: the reason, and a CLI that can', async () => {
    const { deploy, datamodel } = await one(HERE, 'closed', '1.0.11');
    await writeFile(datamodel, NEW_TYPE);
    expect((await deploy('deploy')).exitCode).toBe(0);
    await writeFile(datamodel, 'type User { id: ID! @unique }\n');
    const { exitCode, stderr } = await deploy('lie');
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/only removed.*prisma@1\.8\.3/)]);
  });

  test('unclear answers before and after the CLI are no answers: asked again', async () => {
    const silent = { answers: 0 };
    const here = await fakeCluster('closed', silent);
    const { deploy } = await fakeService({ here }, HERE);
    expect((await deploy('deploy')).exitCode).toBe(0);
    silent.answers = 5;
    const { exitCode, stderr } = await deploy('deploy', ['--json']);
    expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
    expect(silent.answers).toBeLessThan(0);
  });

  test.each(['hang', 'pending'])(
    'a migration that stands still ends, and the user reads what to look at: %s',
    async (behaviour) => {
      const { deploy } = await one();
      const { exitCode, stderr } = await deploy(behaviour, ['--timeout', '1s']);
      expect(exitCode, stderr).toBe(3);
      expect(stderr).toMatch(
        /blog\/dev on here .*: migration 2 is PENDING, without progress for \d+ s\n.*status here, .*logs here server, .*--timeout/,
      );
    },
  );

  test('the CLI that a hint made the user install is used, beside one that cannot deploy', async () => {
    const { deploy, modules } = await one();
    await mkdir(join(modules, 'prisma1'));
    const prisma1 = JSON.stringify({ name: 'prisma1', version: '1.34.12' });
    await writeFile(join(modules, 'prisma1/package.json'), prisma1);
    await symlink('../prisma/index.js', join(modules, '.bin/prisma1'));
    const { exitCode, stderr } = await deploy('deploy');
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringMatching(/prisma1 1\.34\.12 cannot deploy here: .*\. Using prisma 1\.8\.3/),
    ]);
  });

  test('a dry run is not verified', async () => {
    const { deploy } = await one();
    const { exitCode, stdout } = await deploy('lie', ['--json', '--', '--dry-run']);
    expect([exitCode, JSON.parse(stdout).verified]).toEqual([0, null]);
  });

  test('the exit code of a CLI that fails is ours', async () => {
    const { deploy } = await one();
    expect((await deploy('fail')).exitCode).toBe(7);
  });

  test('a CLI never waits on a stdin that stays open', async () => {
    const { deploy } = await one();
    const { exitCode, timedOut } = await deploy('stdin', [], { stdin: 'pipe', timeout: 20_000 });
    expect([exitCode, timedOut]).toEqual([0, false]);
  });
});

describe('before the CLI starts', () => {
  test.each<[Lock, string]>([
    ['open', 'server-open'],
    ['other-key', 'key-refused'],
  ])('a server that is %s stops with exit 3', async (lock, code) => {
    const { deploy, notes } = await one(HERE, lock);
    const { exitCode, stdout } = await deploy('deploy', ['--json']);
    expect([exitCode, JSON.parse(stdout).error.code]).toEqual([3, code]);
    expect(await notes()).toBeUndefined();
  });

  test('an offline server stops with exit 3, and no CLI starts one of its own', async () => {
    const { privateKey } = await fakeCluster();
    const here = { host: await silentHost(), privateKey };
    const { deploy, notes, service } = await fakeService({ here }, HERE);
    const { exitCode, stderr } = await deploy('deploy');
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('no Prisma 1 server answers')]);
    expect(await notes()).toBeUndefined();
    expect((await readdir(service)).sort()).toEqual([
      'datamodel.graphql',
      'node_modules',
      'prisma.yml',
    ]);
  });

  test('rejects a CLI that does not fit, and names one that does', async () => {
    const { deploy, notes } = await one(HERE, 'closed', '1.34.10');
    const { exitCode, stderr } = await deploy('deploy');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/prisma 1\.34\.10 cannot deploy .*\n.*endpoint: '\$\{env:/);
    expect(await notes()).toBeUndefined();
  });

  test('no CLI: what to install for this server; a modern one is skipped', async () => {
    const { deploy, modules } = await one(HERE, 'closed', '5.1.0');
    const { exitCode, stderr } = await deploy('deploy');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('prisma 5.1.0, not a Prisma 1 CLI: skipped');
    expect(stderr).toContain('npm i -D prisma@1.8.3 mkdirp@0.5');
    await rm(modules, { recursive: true });
    expect((await deploy('deploy')).stderr).not.toContain('skipped');
  });

  test('no cluster named, no terminal: exit 2 and how to name one', async () => {
    const { deploy, notes, yml } = await two(OPEN);
    const { exitCode, stderr } = await deploy('deploy');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('deploy --cluster NAME')]);
    expect(stderr).toContain('Known: here, there.');
    expect([await notes(), await yml()]).toEqual([undefined, OPEN]);
  });
});

describe('the line in prisma.yml', () => {
  test('--cluster writes it where there is none, and changes nothing else', async () => {
    const { deploy, yml, there } = await two(OPEN);
    expect((await deploy('deploy', ['--cluster', 'there'])).exitCode).toBe(0);
    expect(await yml()).toBe(OPEN.replace('stage: dev\n', 'stage: dev\ncluster: there\n'));
    expect([...there.services.keys()]).toEqual(['blog/dev']);
  });

  test.each([
    ['success', 'deploy', 0],
    ['failure', 'fail', 7],
    ['false success', 'lie', 3],
  ])('--cluster for one run: restored after %s', async (_, behaviour, code) => {
    const { deploy, yml, notes, here } = await two();
    expect((await deploy(behaviour, ['--cluster', 'there'])).exitCode).toBe(code);
    expect((await notes())?.yml).toBe(
      `${OPEN}cluster: there # clusterkit: put back cluster: here # by name\n`,
    );
    expect(await yml()).toBe(HERE);
    expect(here.services.size).toBe(0);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s while the CLI runs: prisma.yml is restored',
    async (signal) => {
      for (const before of [HERE, OPEN]) {
        const { deploy, yml, notes } = await two(before);
        const running = deploy('wait', ['--cluster', 'there']);
        await eventually(async () => expect(await notes()).toBeDefined());
        expect(await yml()).not.toBe(before);
        running.kill(signal);
        expect((await running).exitCode).toBe(signal === 'SIGINT' ? 130 : 143);
        expect(await yml()).toBe(before);
      }
    },
  );

  test.each(['SIGINT', 'SIGTERM'] as const)('%s reaches a CLI behind a script', async (signal) => {
    const { deploy, yml, notes, modules } = await two();
    const bin = join(modules, '.bin', 'prisma');
    await rm(bin);
    await writeFile(bin, `#!/bin/sh\nnode '${modules}/prisma/index.js' "$@"\necho ended\n`);
    await chmod(bin, 0o755);
    const running = deploy('wait', ['--cluster', 'there']);
    await eventually(async () => expect(await notes()).toBeDefined());
    running.kill(signal);
    expect((await running).exitCode).toBe(signal === 'SIGINT' ? 130 : 143);
    const pid = (await notes())?.pid ?? Number.NaN;
    await eventually(async () => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
    expect(await yml()).toBe(HERE);
  });

  test('after kill -9 the next run restores it first', async () => {
    const { deploy, yml, notes, here } = await two();
    const running = deploy('wait', ['--cluster', 'there']);
    await eventually(async () => expect(await notes()).toBeDefined());
    running.kill('SIGKILL');
    process.kill((await notes())?.pid ?? Number.NaN, 'SIGKILL');
    await running;
    expect(await yml()).toContain('put back');
    const { exitCode, stderr } = await deploy('deploy');
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('restored the cluster')]);
    expect(await yml()).toBe(HERE);
    expect([...here.services.keys()]).toEqual(['blog/dev']);
  });
});

describe('a registry that is not in HOME', () => {
  test('reaches the CLI in a private HOME, without the key on disk', async () => {
    const { deploy, registry, directory, notes, home, here } = await one();
    const elsewhere = join(directory, 'elsewhere.yml');
    await rename(registry, elsewhere);
    await writeFile(join(home, '.npmrc'), '');
    const { exitCode, stderr } = await deploy('deploy', ['--registry', elsewhere]);
    expect([exitCode, stderr]).toEqual([0, expect.anything()]);
    const given = await notes();
    expect(given?.env.HOME).not.toBe(home);
    expect(JSON.parse(given?.registry ?? '')).toEqual({
      clusters: { here: { host: here.host, clusterSecret: `\${env:CLUSTERKIT_CLUSTER_KEY}` } },
    });
    expect(given?.env.CLUSTERKIT_CLUSTER_KEY).toContain('PRIVATE KEY');
    expect((await readdir(directory)).filter((name) => name.startsWith('clusterkit-'))).toEqual([]);
  });
});
