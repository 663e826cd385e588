import { describe, expect, test } from 'vitest';
import { TARGETS } from '../../../../targets/all.js';
import { assertSameTarget, targetIn } from '../../../../targets/common/same-target.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { stateWith } from '../../../support/terraform-state.js';

const stateOf = (...types: string[]) => stateWith(types.map((type) => ({ type })));

describe('targetIn', () => {
  test.each([
    ['docker', ['terraform_data', 'docker_volume']],
    ['digitalocean', ['terraform_data', 'digitalocean_tag']],
    [undefined, ['terraform_data']],
    [undefined, []],
  ])('%s', (target, types) => {
    expect(targetIn(stateOf(...types), TARGETS)).toBe(target);
  });

  test('what was only looked up says nothing', () => {
    expect(
      targetIn(stateWith([{ mode: 'data', type: 'docker_network' }]), TARGETS),
    ).toBeUndefined();
  });
});

describe('assertSameTarget', () => {
  test('lets the same target pass, and a cluster that is not there', () => {
    assertSameTarget({ name: 'one', target: 'docker' }, stateOf('docker_image'), TARGETS);
    assertSameTarget({ name: 'one', target: 'digitalocean' }, stateOf(), TARGETS);
  });

  test('fails when the cluster runs elsewhere', async () => {
    const state = stateOf('digitalocean_droplet');
    const error = await kitErrorOf(() =>
      assertSameTarget({ name: 'one', target: 'docker' }, state, TARGETS),
    );
    expect(error).toMatchObject({ code: 'target-changed', exitCode: 2 });
    expect(error.problems[0]).toMatchObject({
      path: 'clusters.one.target',
      message: 'is docker, but the running cluster was created with digitalocean',
    });
  });
});
