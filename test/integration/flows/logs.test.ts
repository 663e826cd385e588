import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureSecrets } from '../../../cluster/keys/key-store.js';
import { engine, removeTraces } from '../../support/engine-traces.js';
import { compiled, IMAGES, TestCluster } from '../../support/test-cluster.js';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.create();
});
afterAll(() => cluster?.dispose());

/** A container in the place of one of the cluster's, which runs a script. */
async function start(role: 'server' | 'database', script: string, restart = 'no') {
  await removeTraces(cluster.name);
  const container = await engine.createContainer({
    name: `clusterkit-${cluster.name}-${role}`,
    Image: IMAGES.database,
    Labels: {
      'dev.clusterkit.cluster': cluster.name,
      'dev.clusterkit.project': cluster.stateDir,
      'dev.clusterkit.role': role,
    },
    Entrypoint: ['/bin/sh', '-c', script],
    HostConfig: { Init: true, RestartPolicy: { Name: restart } },
  });
  await container.start();
  return container;
}

const logs = (...argv: string[]) => cluster.kit(['logs', cluster.name, ...argv]);
const lines = (text: string) => text.split('\n');

describe('the log of a container', () => {
  test('both streams, also long lines; the last ones; the younger ones', async () => {
    const script = `echo old; sleep 1.2; date +%s.%N; sleep 0.1
      printf '%040000d\\n' 7; sleep 0.1; echo bad >&2; sleep 0.1; printf open`;
    const container = await start('server', script);
    await container.wait();
    const { exitCode, stdout, stderr } = await logs();
    expect([exitCode, stderr]).toEqual([0, '']);
    const [old, moment = '', long, ...rest] = lines(stdout);
    expect([old, Number(long), long?.length, ...rest]).toEqual(['old', 7, 40_000, 'bad', 'open']);

    expect((await logs('server', '--tail', '2')).stdout).toBe('bad\nopen');
    expect((await logs('--tail', '0')).stdout).toBe('');
    const date = new Date(Number(moment) * 1000 - 500).toISOString();
    expect(lines((await logs('--since', date)).stdout)[0]).toBe(moment);
    expect(lines((await logs('--since', '1h')).stdout)[0]).toBe('old');
  });

  test('--json: one value a line', async () => {
    const container = await start('database', 'echo one é; sleep 0.1; printf two >&2');
    await container.wait();
    const { stdout } = await logs('database', '--json');
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(lines(stdout).map((each) => JSON.parse(each))).toEqual([
      { source: 'database', stream: 'stdout', time, text: 'one é' },
      { source: 'database', stream: 'stderr', time, text: 'two' },
    ]);
  });

  test('without the secrets of the cluster, also when they come in pieces', async () => {
    const keys = join(cluster.stateDir, 'keys', cluster.name);
    const { clusterSecret, databasePassword } = await ensureSecrets(keys, 'rsa');
    const password = databasePassword.reveal();
    const line = clusterSecret.reveal().split('\n')[3] ?? '';
    const container = await start(
      'server',
      `printf 'a ${password.slice(0, 9)}'; sleep 0.2; echo '${password.slice(9)} b'; echo '${line}'`,
    );
    await container.wait();
    expect((await logs()).stdout).toBe('a [secret] b\n[secret]');

    await writeFile(join(keys, 'private.pem'), 'damaged\n');
    const { exitCode, stdout, stderr } = await logs('--tail', '2');
    await rm(join(keys, 'private.pem'));
    expect([exitCode, lines(stdout)[0]]).toEqual([0, 'a [secret] b']);
    expect(stderr).toContain('! a secret in the key store is damaged');
  });

  test('nobody reads it any more: it ends, and says nothing', async () => {
    await start('server', 'seq 200000; sleep 60');
    const script = `${process.execPath} ${compiled('cli/main.js')} logs ${cluster.name} -f | head -n 1; echo $PIPESTATUS`;
    const { directory: cwd } = cluster;
    const options = { cwd, env: cluster.env(), extendEnv: false, stdin: 'ignore' } as const;
    const { stdout, stderr } = await execa('bash', ['-c', script], options);
    expect([stdout, stderr]).toEqual(['1\n141', '']);
  });
});

describe('--follow', () => {
  test('goes on over restarts, tells every line once, and ends with the container', async () => {
    const script = 'for n in $(seq 8); do echo out; echo err >&2; sleep 0.1; done; exit 3';
    const container = await start('server', `date +%s.%N; ${script}`, 'always');
    const following = logs('--follow');
    let runs = 0;
    following.stdout?.on('data', (chunk) => {
      runs += String(chunk).match(/^\d+\./gm)?.length ?? 0;
    });
    while (runs < 4) await sleep(100);
    await container.stop({ t: 0 });
    const { exitCode, stdout, stderr } = await following;
    expect([exitCode, stderr]).toEqual([0, `! ${cluster.name}: the server has stopped`]);
    const raw = (await container.logs({ stdout: true, stderr: true, tail: 100_000 })) as Buffer;
    const told = raw.toString('latin1').match(/^.{8}(out|err|\d+\.\d+)$/gms) ?? [];
    expect(lines(stdout)).toHaveLength(told.length);
    expect(new Set(lines(stdout).filter((each) => /\d/.test(each))).size).toBe(runs);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends it with %i, and says nothing', async (signal, code) => {
    await start('server', 'echo up; sleep 60');
    const following = logs('-f', '--tail', '5');
    following.stdout?.once('data', () => following.kill(signal));
    const { exitCode, stdout, stderr } = await following;
    expect([exitCode, stdout, stderr]).toEqual([code, 'up', '']);
  });
});

describe('refused', () => {
  test('all that is wrong at once, with what is meant and what is allowed', async () => {
    const { exitCode, stdout } = await logs('srver', '--since', 'today', '--tail', '-1', '--json');
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      2,
      {
        error: {
          code: 'log-unknown',
          exitCode: 2,
          problems: [
            {
              path: 'srver',
              message: "there is no log 'srver'",
              hint: "Did you mean 'server'? Known: server, database.",
            },
            expect.objectContaining({ path: '--since', message: "'today' is no time" }),
            expect.objectContaining({ path: '--tail', message: "'-1' is no number of lines" }),
          ],
        },
      },
    ]);
    const { stderr } = await logs('cloud-init');
    expect(stderr).toContain('so there was no first boot\n  There are: server, database.');
    for (const what of ['gateway', 'proxy']) {
      const missing = await logs(what);
      expect(missing.exitCode).toBe(2);
      expect(missing.stderr).toMatch(
        new RegExp(`has no ${what}.*\n  There are: server, database.`),
      );
    }
  });

  test('a cluster that is not up: exit 3', async () => {
    await removeTraces(cluster.name);
    const { exitCode, stderr } = await logs('database');
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      `clusterkit-${cluster.name}-database: the engine has no such container`,
    );
  });

  test('an engine that does not answer: exit 3', async () => {
    const env = { DOCKER_HOST: 'tcp://127.0.0.1:9' };
    const { exitCode, stderr } = await cluster.kit(['logs', cluster.name], { env });
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('no Docker engine answers')]);
  });
});
