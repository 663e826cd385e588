import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The file of the user's configuration of Terraform that says where providers come from (`provider_installation`);
 * `undefined`: Terraform looks in its own places, then asks the registry.
 */
export async function providerSources(
  env: NodeJS.ProcessEnv,
  home: string,
): Promise<string | undefined> {
  for (const file of await configurationFiles(env, home)) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (/^[^#/]*\bprovider_installation\b/m.test(text)) return file;
  }
  return undefined;
}

async function configurationFiles(env: NodeJS.ProcessEnv, home: string): Promise<string[]> {
  const named = env.TF_CLI_CONFIG_FILE || env.TERRAFORM_CONFIG;
  const main = named ? [named] : ['.terraformrc', '.tofurc'].map((name) => join(home, name));
  const directory = join(home, '.terraform.d');
  const more = (await readdir(directory).catch(() => [])).filter((name) =>
    /\.tfrc(\.json)?$/.test(name),
  );
  return [...main, ...more.map((name) => join(directory, name))];
}
