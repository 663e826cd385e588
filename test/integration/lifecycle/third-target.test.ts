import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { registerLifecycleVerbs } from '../../../cli/lifecycle/register.js';
import { runProgram } from '../../../cli/program.js';
import { TARGETS } from '../../../targets/all.js';
import { fakeProcess } from '../../support/fake-process.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { toyTarget } from '../../support/toy-target/target.js';
import { ToyWorld } from '../../support/toy-target/toy-world.js';

const CLUSTERS = (machines: number) => `clusters:
  far:
    target: toy
    machines: ${machines}
    server: { image: a/server:1.8 }
    database: { connector: postgres, image: a/postgres:10 }
`;

/** Calls the kit's own commands in a project whose list of targets has one more. */
async function projectWithToy() {
  const directory = await temporaryDirectory();
  const world = new ToyWorld();
  const targets = [...TARGETS, toyTarget(world)];
  const { PATH, XDG_CACHE_HOME = join(homedir(), '.cache') } = process.env;
  const env = { PATH, XDG_CACHE_HOME, HOME: directory };
  const kit = async (...argv: string[]) => {
    const { world: fake, written } = fakeProcess({ env });
    const place = { ...fake, cwd: directory, home: directory, targets };
    const code = await runProgram([...argv, '--json'], '0', [registerLifecycleVerbs], place);
    return { code, results: JSON.parse(written.stdout), stderr: written.stderr };
  };
  const write = (text: string) => writeFile(join(directory, 'clusters.yml'), text);
  await write(CLUSTERS(2));
  const registry = () =>
    readFile(join(directory, '.prisma/config.yml'), 'utf8').catch(() => undefined);
  return { kit, write, registry, world };
}

test('a third target goes through plan, up, status and down by its own two folders alone', async () => {
  const { kit, write, registry, world } = await projectWithToy();

  const planned = await kit('plan', 'far');
  expect(planned.code).toBe(4);
  expect(planned.results[0].changes).toHaveLength(3);
  expect(planned.results[0].changes).toEqual(
    expect.arrayContaining([
      { address: 'terraform_data.machine-1', action: 'create' },
      { address: 'terraform_data.machine-2', action: 'create' },
      { address: 'registry entry', action: 'create' },
    ]),
  );
  expect(await registry()).toBeUndefined();

  const first = await kit('up', 'far');
  const endpoint = world.endpoint('far') ?? 'none';
  expect(first.code).toBe(0);
  expect(first.results[0]).toMatchObject({
    ...{ cluster: 'far', endpoint, version: '1.8.3', entry: 'added', changes: 2 },
  });
  expect(first.results[0].steps.map(({ step }: { step: string }) => step)).toEqual([
    'check state',
    'preflight',
    'pull images',
    'read registry',
    'claim database',
    'apply',
    'verify and register',
    'settle',
    'applications',
  ]);
  expect(await registry()).toContain(`host: '${endpoint}'`);

  const again = await kit('up', 'far');
  expect(again.results[0]).toMatchObject({ entry: 'unchanged', changes: 0 });
  expect((await kit('plan', 'far')).code).toBe(0);

  const status = await kit('status');
  expect(status.code).toBe(0);
  expect(status.results[0]).toMatchObject({
    target: 'toy',
    healthy: true,
    containers: { database: 'running', server: 'running' },
  });

  await write(CLUSTERS(3));
  expect((await kit('up', 'far')).results[0]).toMatchObject({ entry: 'unchanged', changes: 1 });
  expect(world.machinesOf('far')).toHaveLength(3);

  const down = await kit('down', 'far', '--yes');
  expect(down.code).toBe(0);
  expect(down.results[0]).toMatchObject({ entry: 'removed', removed: 3, keptData: false });
  expect((await registry()) ?? '').not.toContain('far');
  const gone = await kit('status');
  expect(gone.results[0]).toMatchObject({
    endpoint: null,
    healthy: false,
    made: false,
    containers: { database: 'absent', server: 'absent' },
  });
  // Nothing that anybody has made is unwell; who asks for the cluster by name wants it.
  expect([gone.code, (await kit('status', 'far')).code]).toEqual([0, 4]);
});

test('a cluster that the file no longer has is removed from the target that made it', async () => {
  const { kit, write, world } = await projectWithToy();
  await kit('up', 'far');
  await write('clusters: {}\n');
  const { code, results } = await kit('down', 'far', '--yes');
  expect(code).toBe(0);
  expect(results[0]).toMatchObject({ entry: 'removed', removed: 2 });
  expect(world.machinesOf('far')).toEqual([]);
  await expect(kit('down', 'far', '--yes')).rejects.toThrow("there is no cluster 'far'");
});
