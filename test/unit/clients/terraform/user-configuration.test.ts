import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { providerSources } from '../../../../clients/terraform/user-configuration.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const BLOCK = 'plugin_cache_dir = "x"\nprovider_installation {\n  direct {}\n}\n';

it.each([
  ['.terraformrc', BLOCK, {}, '.terraformrc'],
  ['.tofurc', BLOCK, {}, '.tofurc'],
  ['.terraform.d/mirror.tfrc', BLOCK, {}, '.terraform.d/mirror.tfrc'],
  ['named', BLOCK, { TF_CLI_CONFIG_FILE: 'named' }, 'named'],
  ['named', BLOCK, { TERRAFORM_CONFIG: 'named' }, 'named'],
  ['.terraformrc', BLOCK, { TF_CLI_CONFIG_FILE: 'named' }, undefined],
  ['.terraformrc', '# provider_installation {}\ncredentials "x" {}', {}, undefined],
  ['.terraformrc', '', {}, undefined],
  ['other', BLOCK, {}, undefined],
])('%s with %j and %j: %s', async (file, text, env, expected) => {
  const home = await temporaryDirectory();
  await mkdir(dirname(join(home, file)), { recursive: true });
  await writeFile(join(home, file), text);
  const absolute = Object.fromEntries(
    Object.entries(env).map(([key, name]) => [key, join(home, name)]),
  );
  expect(await providerSources(absolute, home)).toBe(expected && join(home, expected));
});
