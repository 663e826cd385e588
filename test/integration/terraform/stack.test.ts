import { mkdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import {
  DOCKER_PROVIDER,
  findBuiltProvider,
  providerPlatform,
} from '../../../clients/terraform/built-provider.js';
import { initialize } from '../../../clients/terraform/initialize.js';
import {
  linkProvider,
  lockProvider,
  packageHash,
} from '../../../clients/terraform/prepare-directory.js';
import { findTerraform } from '../../../clients/terraform/terraform-binary.js';
import { cacheDirectory } from '../../../cluster/project.js';
import { synthesize } from '../../../stacks/common/synthesize.js';
import { stackOf } from '../../../targets/docker/stack.js';
import { someSettings } from '../../support/synthesized-stack.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const cacheDir = cacheDirectory(process.env, homedir());
const built = await findBuiltProvider(cacheDir, providerPlatform(process.platform, process.arch));
const binary = await findTerraform(process.env, cacheDir);
const env = { ...process.env, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' };

/** A working directory with a synthesized stack; a built provider is linked where there is one. */
async function workspace() {
  const outdir = await temporaryDirectory();
  await mkdir(join(outdir, 'state'));
  const places = {
    ...{ stateDir: outdir, registry: join(outdir, 'config.yml'), attempt: 'first' },
    identity: { id: 'ours', origin: outdir },
  };
  const program = { node: process.execPath, script: '/nonexistent/run-stage.js' };
  synthesize(outdir, [await stackOf(someSettings(), places, { program })]);
  const directory = join(outdir, 'stacks', 'one');
  if (built !== undefined) await linkProvider(directory, built);
  const terraform = (...argv: string[]) =>
    execa(binary, argv, { cwd: directory, env, extendEnv: false, reject: false, all: true });
  return { directory, terraform };
}

describe('the synthesized stack', () => {
  test('is valid for the real provider', async () => {
    const { directory, terraform } = await workspace();
    await initialize({ binary, directory, env }, built?.directory);
    const { exitCode, stdout, all } = await terraform('validate', '-json');
    expect(exitCode, all).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, error_count: 0, warning_count: 0 });
  });

  test('is initialized once; again costs no Terraform', async () => {
    const { directory } = await workspace();
    await initialize({ binary, directory, env }, built?.directory);
    const writtenAt = async () =>
      (await stat(join(directory, '.terraform', 'clusterkit-init'))).mtimeMs;
    const before = await writtenAt();
    await initialize({ binary, directory, env }, built?.directory);
    expect(await writtenAt()).toBe(before);
  });
});

describe.runIf(built !== undefined)('a provider that was built here', () => {
  test('has the hash that Terraform itself gives it', async () => {
    const { directory, terraform } = await workspace();
    const { exitCode, all } = await terraform('init', '-input=false');
    expect(exitCode, all).toBe(0);
    const lock = await readFile(join(directory, '.terraform.lock.hcl'), 'utf8');
    expect(lock).toContain(await packageHash(built?.directory ?? ''));
    expect(lock).toContain(`version     = "${built?.version}"`);
  });

  test('a lock file of the kit’s is what Terraform would write', async () => {
    const { directory, terraform } = await workspace();
    const path = join(directory, '.terraform.lock.hcl');
    if (built !== undefined) await lockProvider(directory, built, DOCKER_PROVIDER.versions);
    const block = (await readFile(path, 'utf8')).split('\n').slice(0, 5);
    const { exitCode, all } = await terraform('init', '-input=false');
    expect(exitCode, all).toBe(0);
    expect(all).toContain('from the dependency lock file');
    const [address = '', version = '', constraints = '', hashes = ''] = block;
    const lock = await readFile(path, 'utf8');
    for (const line of [address, version, constraints]) expect(lock).toContain(line);
    expect(lock).toContain(/"h1:[^"]+"/.exec(hashes)?.[0] ?? 'no hash');
  });
});
