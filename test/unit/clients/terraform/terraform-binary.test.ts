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

const says = (text: string) => `#!/bin/sh\necho '${text}'\n`;
const NEW = says('Terraform v1.11.4');

async function program(path: string, mode = 0o755, text = NEW) {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
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

  it('passes over a release that is too old, and a program that does not run', async () => {
    await program('a/terraform', 0o755, says('Terraform v1.3.9'));
    await program('a/tofu', 0o755, '#!/nonexistent/sh\n');
    const built = await program('cache/bin/tofu', 0o755, says('OpenTofu v1.12.6'));
    expect(await find({ PATH: path('a') })).toBe(built);
  });

  it.each([
    [
      'an old one',
      says('Terraform v1.3.9'),
      'terraform-old',
      'Terraform 1.3.9 is too old; needed is Terraform 1.4.0 or OpenTofu 1.6.0, or newer',
    ],
    [
      'one of a version manager',
      '#!/bin/sh\necho "no version set" >&2; exit 1\n',
      'terraform-unusable',
      'cannot be run: no version set',
    ],
    [
      'another program',
      says('Packer v1.9.0'),
      'terraform-unusable',
      'cannot be run: Packer v1.9.0',
    ],
  ])('names %s when there is no other', async (_, text, code, message) => {
    const file = await program('a/terraform', 0o755, text);
    await expect(find({ PATH: path('a') })).rejects.toMatchObject({
      code,
      exitCode: 3,
      problems: [{ path: file, message, hint: expect.stringContaining('scripts/setup') }],
    });
  });

  it('says what to do when there is none', async () => {
    await expect(find({ PATH: '' })).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('Run scripts/setup'),
    });
  });
});
