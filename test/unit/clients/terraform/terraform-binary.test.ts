import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTerraform } from '../../../../clients/terraform/terraform-binary.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'ck-test-terraform-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function program(path: string, mode = 0o755) {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, '');
  await chmod(file, mode);
  return file;
}
const find = (env: NodeJS.ProcessEnv) => findTerraform(env, join(home, 'cache'));
const path = (...directories: string[]) =>
  directories.map((directory) => join(home, directory)).join(':');

describe('findTerraform', () => {
  it('prefers terraform to tofu, wherever they are on the PATH', async () => {
    await program('a/tofu');
    const terraform = await program('b/terraform');
    expect(await find({ PATH: path('a', 'b') })).toBe(terraform);
  });

  it('passes over a directory and a file that cannot be run', async () => {
    await mkdir(join(home, 'a/terraform'), { recursive: true });
    await program('b/terraform', 0o644);
    const tofu = await program('b/tofu');
    expect(await find({ PATH: path('a', 'b') })).toBe(tofu);
  });

  it('falls back on the OpenTofu that setup built', async () => {
    const built = await program('cache/bin/tofu');
    expect(await find({ PATH: path('a') })).toBe(built);
  });

  it('takes TERRAFORM_BINARY_NAME as name or path, and nothing else then', async () => {
    await program('a/terraform');
    const named = await program('a/my-tofu');
    expect(await find({ PATH: path('a'), TERRAFORM_BINARY_NAME: 'my-tofu' })).toBe(named);
    expect(await find({ TERRAFORM_BINARY_NAME: named })).toBe(named);
    await expect(find({ PATH: path('a'), TERRAFORM_BINARY_NAME: 'other' })).rejects.toMatchObject({
      code: 'terraform-missing',
      exitCode: 3,
      message: expect.stringContaining('TERRAFORM_BINARY_NAME names `other`'),
    });
  });

  it('says what to do when there is none', async () => {
    await expect(find({ PATH: '' })).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('Run scripts/setup'),
    });
  });
});
