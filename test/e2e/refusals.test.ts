import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { engine, tracesOf } from '../support/engine-traces.js';
import { freePort } from '../support/free-port.js';
import { IMAGES, TestCluster } from '../support/test-cluster.js';

/** What `up --json` says when it refuses. */
interface Refusal {
  readonly error: {
    readonly code: string;
    readonly exitCode: number;
    readonly problems: readonly { path?: string; message: string; hint?: string }[];
  };
}

describe('what can be known before is refused before anything is created', () => {
  let cluster: TestCluster;

  const refused = async (env: NodeJS.ProcessEnv = {}, ...argv: string[]) => {
    const run = await cluster.kit(['up', cluster.name, '--json', ...argv], { env });
    return { ...run, error: (JSON.parse(run.stdout) as Refusal).error };
  };

  beforeAll(async () => {
    cluster = await TestCluster.create();
  });
  afterAll(() => cluster?.dispose());
  afterEach(async () => {
    expect(await tracesOf(cluster.name)).toEqual([]);
    await cluster.configure({ port: await freePort() });
    await rm(cluster.registry, { force: true });
  });

  test('a port that a process has: named', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(cluster.port, '127.0.0.1', resolve));
    const { exitCode, error } = await refused();
    await new Promise((resolve) => server.close(resolve));
    expect(exitCode).toBe(3);
    expect(error).toMatchObject({
      code: 'port-taken',
      problems: [
        {
          path: `clusters.${cluster.name}.port`,
          message: expect.stringMatching(
            new RegExp(`^port ${cluster.port} is taken by process ${process.pid} \\(.+\\)$`),
          ),
        },
      ],
    });
  });

  test('a port that a container has: named', async () => {
    const name = `${cluster.name}-foreign`;
    const container = await engine.createContainer({
      name,
      Image: IMAGES.database,
      Entrypoint: ['sleep', '60'],
      ExposedPorts: { '80/tcp': {} },
      HostConfig: {
        PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(cluster.port) }] },
      },
    });
    try {
      await container.start();
      const { exitCode, error } = await refused();
      expect(exitCode).toBe(3);
      expect(error).toMatchObject({
        code: 'port-taken',
        problems: [{ message: `port ${cluster.port} is taken by container ${name}` }],
      });
    } finally {
      await container.remove({ force: true, v: true });
    }
  });

  test('an unknown cluster: the one that was meant is named', async () => {
    const meant = `${cluster.name}x`;
    for (const verb of ['up', 'plan', 'status']) {
      const { exitCode, stderr } = await cluster.kit([verb, meant]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`there is no cluster '${meant}'`);
      expect(stderr).toContain(`Did you mean '${cluster.name}'?`);
    }
  });

  test('settings that are wrong: all of it at once, with file and line', async () => {
    await writeFile(
      cluster.configFile,
      `clusters:\n  ${cluster.name}:\n    target: moon\n    port: 99999\n`,
    );
    const { exitCode, error } = await refused();
    expect(exitCode).toBe(2);
    expect(error.problems.map(({ path }) => path)).toEqual([
      `${cluster.configFile}:3:5 clusters.${cluster.name}.target`,
      `${cluster.configFile}:4:5 clusters.${cluster.name}.port`,
      `${cluster.configFile}:2:3 clusters.${cluster.name}.server`,
      `${cluster.configFile}:2:3 clusters.${cluster.name}.database`,
    ]);
  });

  test.each(['unix:///nonexistent/docker.sock', 'tcp://127.0.0.1:1'])(
    'an engine that does not answer: %s',
    async (DOCKER_HOST) => {
      for (const verb of ['up', 'plan', 'status', 'down']) {
        const { exitCode, stdout } = await cluster.kit([verb, cluster.name, '--json', '--yes'], {
          env: { DOCKER_HOST },
        });
        expect([verb, exitCode]).toEqual([verb, 3]);
        expect((JSON.parse(stdout) as Refusal).error).toMatchObject({
          code: 'engine-unreachable',
          problems: [{ hint: expect.stringContaining('DOCKER_HOST') }],
        });
      }
    },
  );

  test.each([
    ['bundled', 'clusterkit/dev-server:0.0.1', /scripts\/setup/],
    ['of a registry', 'localhost:1/nobody/prisma:1.8', /Check its name/],
  ])('an image that does not exist, %s', async (_, serverImage, hint) => {
    await cluster.configure({ serverImage });
    const { exitCode, error } = await refused();
    expect(exitCode).toBe(3);
    expect(error).toMatchObject({
      code: 'image-missing',
      problems: [{ path: serverImage, hint: expect.stringMatching(hint) }],
    });
  });

  test('a registry that cannot be read: line and column, and not a byte changed', async () => {
    const broken = 'clusters:\n  a:\n    host: "http://localhost\n  b: [\n';
    await cluster.writeRegistry(broken);
    const { exitCode, error } = await refused();
    expect(exitCode).toBe(2);
    expect(error.code).toBe('registry-malformed');
    expect(error.problems[0]?.path).toMatch(/config\.yml:\d+:\d+$/);
    expect(await cluster.readRegistry()).toBe(broken);
  });

  test('an entry of the same name that somebody else made', async () => {
    const foreign = `clusters:\n  ${cluster.name}:\n    host: 'http://office.example.com'\n    clusterSecret: theirs\n`;
    await cluster.writeRegistry(foreign);
    const { exitCode, error } = await refused();
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({
      code: 'registry-conflict',
      problems: [{ path: `${cluster.registry}:2` }],
    });
    expect(await cluster.readRegistry()).toBe(foreign);
    const down = await cluster.down();
    expect(down.exitCode, down.all).toBe(0);
    expect(await cluster.readRegistry()).toBe(foreign);
  });

  test('a registry where none can be written: below a file', async () => {
    const file = join(cluster.directory, 'a-file');
    await writeFile(file, '');
    const { exitCode, stderr } = await refused({}, '--registry', join(file, 'config.yml'));
    expect(exitCode).toBe(3);
    expect(stderr).toContain(join(file, 'config.yml'));
  });

  test('a HOME that cannot be written', async () => {
    const home = join(cluster.directory, 'read-only-home');
    await mkdir(home);
    await chmod(home, 0o500);
    // Permission bits do not hold root back; the flag of the file system does where there is one.
    const { execa } = await import('execa');
    const flagged = await execa('chattr', ['+i', home], { reject: false });
    try {
      const writable = await writeFile(join(home, 'probe'), '').then(
        () => true,
        () => false,
      );
      if (writable) return;
      const { exitCode, error } = await refused({ HOME: home });
      expect(exitCode).toBe(3);
      expect(error.problems[0]?.path).toContain(home);
    } finally {
      if (flagged.exitCode === 0) await execa('chattr', ['-i', home]);
    }
  });

  test('a cluster of this name from another directory', async () => {
    const name = `clusterkit-${cluster.name}-data`;
    await engine.createVolume({
      Name: name,
      Labels: {
        'dev.clusterkit.cluster': cluster.name,
        'dev.clusterkit.project': '/elsewhere/.clusterkit',
      },
    });
    const { exitCode, error } = await refused();
    // Neither may `down` touch it.
    const down = await cluster.down();
    const left = await tracesOf(cluster.name);
    await engine.getVolume(name).remove();
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({
      code: 'cluster-elsewhere',
      problems: [{ message: expect.stringContaining('/elsewhere/.clusterkit') }],
    });
    expect(down.exitCode, down.all).toBe(0);
    expect(left).toEqual([name]);
  });

  test('several at once, all told', async () => {
    await cluster.writeRegistry('clusters: [\n');
    await cluster.configure({ serverImage: 'clusterkit/dev-server:0.0.1' });
    const { error } = await refused();
    expect(error.problems.length).toBeGreaterThanOrEqual(2);
    expect(await readFile(cluster.registry, 'utf8')).toBe('clusters: [\n');
  });
});
