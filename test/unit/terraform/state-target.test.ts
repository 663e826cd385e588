import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assertSameTarget, targetInState } from '../../../lib/terraform/state-target.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

async function stateOf(...types: string[]): Promise<string> {
  const path = join(await temporaryDirectory(), 'one.tfstate');
  await writeFile(path, JSON.stringify({ resources: types.map((type) => ({ type })) }));
  return path;
}

describe('targetInState', () => {
  test.each([
    ['docker', ['terraform_data', 'docker_volume']],
    ['digitalocean', ['terraform_data', 'digitalocean_tag']],
    [undefined, ['terraform_data']],
    [undefined, []],
  ])('%s', async (target, types) => {
    expect(await targetInState(await stateOf(...types))).toBe(target);
  });

  test('nothing without a state', async () => {
    expect(await targetInState('/nowhere/one.tfstate')).toBeUndefined();
  });
});

describe('assertSameTarget', () => {
  test('lets the same target pass, and a cluster that is not there', async () => {
    await assertSameTarget({ name: 'one', target: 'docker' }, await stateOf('docker_image'));
    await assertSameTarget({ name: 'one', target: 'digitalocean' }, await stateOf());
  });

  test('fails when the cluster runs elsewhere', async () => {
    const path = await stateOf('digitalocean_droplet');
    const error = await kitErrorOf(() => assertSameTarget({ name: 'one', target: 'docker' }, path));
    expect(error).toMatchObject({ code: 'target-changed', exitCode: 2 });
    expect(error.problems[0]).toMatchObject({
      path: 'clusters.one.target',
      message: 'is docker, and the cluster that runs was made with digitalocean',
    });
  });
});
