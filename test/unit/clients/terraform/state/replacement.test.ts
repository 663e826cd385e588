import { describe, expect, test } from 'vitest';
import { assertStays, type Fixed } from '../../../../../clients/terraform/state/replacement.js';
import { kitErrorOf } from '../../../../support/kit-error-of.js';
import { type SomeResource, stateWith } from '../../../../support/terraform-state.js';

const resource = (
  type: string,
  attributes: Record<string, unknown> | null,
  more: object = {},
): SomeResource => ({ type: `digitalocean_${type}`, instances: [{ attributes, ...more }] });
const STATE = [
  resource('droplet', { region: 'fra1', vpc_uuid: 'v1' }),
  resource('volume', { region: 'fra1' }),
  resource('firewall', { id: 'f' }),
];
const check = (fixed: Partial<Fixed>, resources = STATE) =>
  assertStays({ name: 'one', region: 'fra1', ...fixed }, stateWith(resources));

describe('assertStays', () => {
  test.each<[string, Partial<Fixed>, SomeResource[]]>([
    ['the same place', {}, STATE],
    ['any network', { vpc: 'v1' }, STATE],
    ['nothing there yet', { region: 'nyc3' }, []],
    [
      'a droplet that was never finished',
      { region: 'nyc3' },
      [resource('droplet', { region: 'fra1' }, { status: 'tainted' })],
    ],
    [
      'a droplet that was replaced and is yet to be removed',
      { region: 'nyc3' },
      [resource('droplet', { region: 'fra1' }, { deposed: 'f00d' })],
    ],
    ['a droplet without attributes', { region: 'nyc3' }, [resource('droplet', null)]],
    ['a type that is like a property of every object', {}, [{ type: 'constructor' }]],
  ])('lets pass: %s', (_, fixed, resources) => {
    check(fixed, resources);
  });

  test('fails with all that would be replaced', async () => {
    const error = await kitErrorOf(() => check({ region: 'nyc3', vpc: 'v2' }));
    expect(error).toMatchObject({ code: 'replacement-refused', exitCode: 2 });
    expect(error.problems.map(({ message }) => message)).toEqual([
      'the droplet would be replaced by a new one (region fra1 → nyc3, vpc v1 → v2)',
      'the volume with the data would be replaced by a new one (region fra1 → nyc3)',
    ]);
  });

  test('one resource without attributes hides no other', async () => {
    const error = await kitErrorOf(() =>
      check({ region: 'nyc3' }, [resource('firewall', null), ...STATE]),
    );
    expect(error.problems).toHaveLength(2);
  });
});
