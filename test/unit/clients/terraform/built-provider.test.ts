import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  findBuiltProvider,
  providerPlatform,
} from '../../../../clients/terraform/built-provider.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

test.each([
  ['linux', 'x64', 'linux_amd64'],
  ['linux', 'arm64', 'linux_arm64'],
  ['darwin', 'arm64', 'darwin_arm64'],
  ['win32', 'x64', 'windows_amd64'],
  ['freebsd', 'riscv64', 'freebsd_riscv64'],
] as const)('providerPlatform(%s, %s) is %s', (platform, arch, name) => {
  expect(providerPlatform(platform, arch)).toBe(name);
});

describe('findBuiltProvider', () => {
  const mirrorOf = async (...versions: string[]) => {
    const cache = await temporaryDirectory();
    for (const version of versions) {
      const directory = join(
        cache,
        'providers/registry.terraform.io/kreuzwerker/docker',
        version,
        'linux_amd64',
      );
      await mkdir(directory, { recursive: true });
      await writeFile(join(directory, `terraform-provider-docker_v${version}`), '');
    }
    return cache;
  };

  test('is what setup built', async () => {
    const cache = await mirrorOf('4.5.0');
    expect(await findBuiltProvider(cache, 'linux_amd64')).toEqual({
      source: 'kreuzwerker/docker',
      version: '4.5.0',
      platform: 'linux_amd64',
      directory: join(
        cache,
        'providers/registry.terraform.io/kreuzwerker/docker/4.5.0/linux_amd64',
      ),
    });
  });

  test('is the newest of several, by number', async () => {
    const cache = await mirrorOf('4.5.0', '4.10.0', '4.9.1');
    expect((await findBuiltProvider(cache, 'linux_amd64'))?.version).toBe('4.10.0');
  });

  test('is undefined without one, or with one for another platform', async () => {
    expect(await findBuiltProvider(await temporaryDirectory(), 'linux_amd64')).toBeUndefined();
    expect(await findBuiltProvider(await mirrorOf('4.5.0'), 'darwin_arm64')).toBeUndefined();
  });

  test('passes over a directory that setup never filled', async () => {
    const cache = await mirrorOf('4.5.0');
    await mkdir(
      join(cache, 'providers/registry.terraform.io/kreuzwerker/docker/4.6.0/linux_amd64'),
      { recursive: true },
    );
    expect((await findBuiltProvider(cache, 'linux_amd64'))?.version).toBe('4.5.0');
  });
});
