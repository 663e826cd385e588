import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findBuiltProvider, providerPlatform } from '../../../clients/terraform/built-provider.js';
import { initialize } from '../../../clients/terraform/initialize.js';
import { lockForEveryHost } from '../../../clients/terraform/lock-file.js';
import { emptyRunDirectory } from '../../../clients/terraform/run-directory.js';
import { runTerraform, type TerraformRun } from '../../../clients/terraform/run-terraform.js';
import { findTerraform } from '../../../clients/terraform/terraform-binary.js';
import { cacheDirectory } from '../../../cluster/project.js';
import { synthesize } from '../../../stacks/common/synthesize.js';
import { providersFor } from '../../../targets/common/workspace.js';
import { stackOf } from '../../../targets/docker/stack.js';
import { someSettings } from '../../support/synthesized-stack.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const cacheDir = cacheDirectory(process.env, homedir());
const built = await findBuiltProvider(cacheDir, providerPlatform(process.platform, process.arch));
const binary = await findTerraform(process.env, cacheDir);

/** A working directory with a synthesized stack, of which Terraform knows nothing yet. */
async function workspace({
  env = {},
  name = 'project',
}: {
  readonly env?: NodeJS.ProcessEnv;
  readonly name?: string;
} = {}) {
  const home = await temporaryDirectory();
  const outdir = join(home, name);
  await mkdir(join(outdir, 'state'), { recursive: true });
  const places = {
    ...{ stateDir: outdir, registry: join(outdir, 'config.yml'), attempt: 'first' },
    identity: { id: 'ours', origin: outdir },
  };
  const program = { node: process.execPath, script: '/nonexistent/run-stage.js' };
  const directory = join(outdir, 'stacks', 'one');
  await emptyRunDirectory(directory);
  synthesize(outdir, [await stackOf(someSettings(), places, { program })]);
  const run: TerraformRun = {
    binary,
    directory,
    dataDir: join(home, 'data'),
    env: { PATH: process.env.PATH, HOME: home, ...env },
  };
  return { home, outdir, run, providers: await providersFor(run, cacheDir) };
}

/** Terraform’s judgement of a stack. */
async function validate(run: TerraformRun) {
  const { text } = await runTerraform(['validate', '-json'], run);
  return JSON.parse(text) as object;
}

const VALID = { valid: true, error_count: 0, warning_count: 0 };

describe('the synthesized stack', () => {
  test('is valid for the real provider', async () => {
    const { run, providers } = await workspace();
    await initialize(run, providers);
    expect(await validate(run)).toMatchObject(VALID);
  });

  test('is initialized once; again costs no Terraform', async () => {
    const { run, providers } = await workspace();
    await initialize(run, providers);
    const stamp = async () => (await stat(join(run.dataDir, 'clusterkit-init'))).mtimeMs;
    const before = await stamp();
    await initialize(run, providers);
    expect(await stamp()).toBe(before);
  });

  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: Terraform's templates, not ours
  test.each([
    `a b "double" 'single' \`back\` naïve 漢字 🦀 -dash; & | > # *?[] back\\slash`,
    '$HOME ${path.module} $${x} %d %{ if true } %%{x}\nthe second line',
  ])('is valid in a directory named %j, and keeps its name', async (name) => {
    const { run, providers, outdir } = await workspace({ name });
    await initialize(run, providers);
    expect(await validate(run)).toMatchObject(VALID);
    const { text, exitCode } = await runTerraform(
      ['plan', '-no-color', '-refresh=false', '-target=terraform_data.ground', '-out=plan'],
      run,
    );
    expect(exitCode, text).toBe(0);
    const { text: shown } = await runTerraform(['show', '-json', 'plan'], run);
    const { planned_values: planned } = JSON.parse(shown) as {
      planned_values: { root_module: { resources: { values: { input: object } }[] } };
    };
    const [ground] = planned.root_module.resources;
    expect(ground?.values.input).toMatchObject({ project: outdir });
  });
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: see above
});

describe.runIf(built !== undefined)('a provider that was built here', () => {
  test.each([
    ['a network mirror alone', 'network_mirror { url = "https://127.0.0.1:9/" }'],
    [
      'a filesystem mirror of others',
      'filesystem_mirror { path = "/nonexistent" include = ["a/b"] }',
    ],
    [
      'one of the user’s own',
      'dev_overrides { "kreuzwerker/docker" = "/nonexistent" }\n direct {}',
    ],
  ])('is used whatever the user’s configuration says: %s', async (_, block) => {
    const configuration = join(await temporaryDirectory(), 'terraformrc');
    await writeFile(configuration, `provider_installation {\n  ${block}\n}\n`);
    const { run, providers } = await workspace({ env: { TF_CLI_CONFIG_FILE: configuration } });
    await initialize(run, providers);
    expect(await validate(run)).toMatchObject(VALID);
  });

  test('its lock file is one that Terraform leaves as it is, for either host', async () => {
    const { run, providers } = await workspace();
    const lock = lockForEveryHost(providers.lock);
    expect(lock).toContain('provider "registry.terraform.io/kreuzwerker/docker" {');
    expect(lock).toContain('provider "registry.opentofu.org/kreuzwerker/docker" {');
    await initialize(run, { ...providers, lock });
    const after = await readFile(join(run.directory, '.terraform.lock.hcl'), 'utf8');
    expect(after).toContain(/"h1:[^"]+"/.exec(lock)?.[0] ?? 'no hash');
  });
});

test('a Terraform that knows no `init -json` will do', async () => {
  const { run, home } = await workspace();
  const old = join(home, 'terraform');
  const script = `#!/bin/sh\ncase " $* " in *" init "*" -json "*) exit 1 ;; esac\nexec '${binary}' "$@"\n`;
  await writeFile(old, script);
  await chmod(old, 0o755);
  const env = { ...run.env, PATH: `${home}:${process.env.PATH}` };
  expect(await findTerraform(env, cacheDir)).toBe(old);
  const withOld = { ...run, binary: old };
  await initialize(withOld, await providersFor(withOld, cacheDir));
  expect(await validate(withOld)).toMatchObject(VALID);
});
