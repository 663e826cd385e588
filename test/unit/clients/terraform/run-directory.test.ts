import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyRunDirectory } from '../../../../clients/terraform/run-directory.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

describe('emptyRunDirectory', () => {
  it('makes one', async () => {
    const directory = join(await temporaryDirectory(), 'stacks', 'one');
    await emptyRunDirectory(directory);
    expect(await readdir(directory)).toEqual([]);
  });

  it('leaves nothing that Terraform would read, and what holds a state', async () => {
    const directory = await temporaryDirectory();
    const files = [
      'evil.tf',
      'cdk.tf.json',
      'a_override.tf',
      'x.auto.tfvars',
      '.terraform.lock.hcl',
    ];
    for (const file of [...files, 'errored.tfstate']) await writeFile(join(directory, file), 'x');
    for (const name of ['.terraform/providers', 'terraform.d', 'terraform.tfstate.d/prod']) {
      await mkdir(join(directory, name), { recursive: true });
    }
    await emptyRunDirectory(directory);
    expect((await readdir(directory)).sort()).toEqual(['errored.tfstate', 'terraform.tfstate.d']);
  });

  it('follows no link, neither in it nor in its place', async () => {
    const home = await temporaryDirectory();
    const precious = join(home, 'precious');
    await mkdir(precious);
    await writeFile(join(precious, 'file'), 'kept');
    const directory = join(home, 'run');
    await mkdir(directory);
    await symlink(precious, join(directory, '.terraform'));
    await emptyRunDirectory(directory);
    const place = join(home, 'linked');
    await symlink(precious, place);
    await emptyRunDirectory(place);
    expect(await readdir(place)).toEqual([]);
    expect(await readFile(join(precious, 'file'), 'utf8')).toBe('kept');
  });
});
