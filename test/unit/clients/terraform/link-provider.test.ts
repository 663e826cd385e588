import { mkdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { linkPackages, linkProvider } from '../../../../clients/terraform/link-provider.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

async function built(directory: string, version = '4.5.0') {
  const path = join(directory, 'built', version);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, `terraform-provider-docker_v${version}`), `binary ${version}`);
  return { source: 'kreuzwerker/docker', version, platform: 'linux_amd64', directory: path };
}

describe('linkProvider', () => {
  test('puts it where Terraform and OpenTofu look by themselves', async () => {
    const directory = await temporaryDirectory();
    const provider = await built(directory);
    await linkProvider(directory, provider);
    for (const host of ['registry.terraform.io', 'registry.opentofu.org']) {
      const link = join(
        directory,
        `terraform.d/plugins/${host}/kreuzwerker/docker/4.5.0/linux_amd64`,
      );
      expect(await readlink(link)).toBe(provider.directory);
    }
  });

  test('again, with another version: only that is left', async () => {
    const directory = await temporaryDirectory();
    await linkProvider(directory, await built(directory, '4.5.0'));
    const provider = await built(directory, '4.6.0');
    await linkProvider(directory, provider);
    await linkProvider(directory, provider);
    const parent = join(directory, 'terraform.d/plugins/registry.terraform.io/kreuzwerker/docker');
    await expect(readlink(join(parent, '4.5.0/linux_amd64'))).rejects.toThrow('ENOENT');
    expect(await readlink(join(parent, '4.6.0/linux_amd64'))).toBe(provider.directory);
  });
});

test('linkPackages links to what a mirror’s own links lead to', async () => {
  const directory = await temporaryDirectory();
  const mirror = join(directory, 'mirror');
  const provider = await built(directory);
  await linkProvider(mirror, provider);
  const package_ = 'registry.opentofu.org/kreuzwerker/docker/4.5.0/linux_amd64';
  await linkPackages(join(directory, 'run'), join(mirror, 'terraform.d/plugins'));
  const link = join(directory, 'run/terraform.d/plugins', package_);
  expect(await readlink(link)).toBe(provider.directory);
  const file = join(link, 'terraform-provider-docker_v4.5.0');
  expect(await readFile(file, 'utf8')).toBe('binary 4.5.0');
});
