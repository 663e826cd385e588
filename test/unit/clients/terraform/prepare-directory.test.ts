import { createHash } from 'node:crypto';
import { mkdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  linkProvider,
  lockProvider,
  packageHash,
} from '../../../../clients/terraform/prepare-directory.js';
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

describe('lockProvider', () => {
  test('writes version, constraint and hash for both hosts', async () => {
    const directory = await temporaryDirectory();
    const provider = await built(directory);
    await lockProvider(join(directory, 'work'), provider, '>= 3.6.2, < 5.0.0');
    const lock = await readFile(join(directory, 'work/.terraform.lock.hcl'), 'utf8');
    const hash = await packageHash(provider.directory);
    for (const host of ['registry.terraform.io', 'registry.opentofu.org']) {
      expect(lock).toContain(
        [
          `provider "${host}/kreuzwerker/docker" {`,
          '  version     = "4.5.0"',
          '  constraints = ">= 3.6.2, < 5.0.0"',
          `  hashes      = ["${hash}"]`,
          '}',
        ].join('\n'),
      );
    }
  });

  test('leaves a lock file alone that is there', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, '.terraform.lock.hcl'), '# mine\n');
    await lockProvider(directory, await built(directory), '1');
    expect(await readFile(join(directory, '.terraform.lock.hcl'), 'utf8')).toBe('# mine\n');
  });
});

test('packageHash is h1 over the sorted lines `<sha256>  <name>`', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'b'), 'two');
  await writeFile(join(directory, 'a'), 'one');
  const sha = (text: string) => createHash('sha256').update(text);
  const summary = `${sha('one').digest('hex')}  a\n${sha('two').digest('hex')}  b\n`;
  expect(await packageHash(directory)).toBe(`h1:${sha(summary).digest('base64')}`);
});
