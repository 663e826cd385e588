import { expect, test } from 'vitest';
import { idsIn, NO_STATE } from '../../../../../clients/terraform/state/state.js';
import { stateWith } from '../../../../support/terraform-state.js';

test('ids of every object, of tainted and deposed ones too', () => {
  const state = stateWith([
    { type: 'docker_container', instances: [{ attributes: { id: 'a', name: 'n' } }] },
    { type: 'docker_volume', instances: [{ attributes: { id: 'b' }, status: 'tainted' }] },
    {
      type: 'digitalocean_droplet',
      instances: [{ attributes: { id: 'c' } }, { attributes: { id: 'd' }, deposed: 'f00d' }],
    },
  ]);
  expect(idsIn(state)).toEqual(new Set(['a', 'b', 'c', 'd']));
});

test('not of what was only looked up', () => {
  const instances = [{ attributes: { id: 'theirs' } }];
  expect(idsIn(stateWith([{ mode: 'data', type: 'x', instances }]))).toEqual(new Set());
});

test('an id that is none hides no other', () => {
  const instances = [
    { attributes: {} },
    { attributes: null },
    { attributes: { id: null } },
    { attributes: { id: 7 } },
    { attributes: { id: 'a' } },
  ];
  expect(idsIn(stateWith([{ type: 'x', instances }]))).toEqual(new Set(['a']));
});

test('none of nothing', () => {
  expect(idsIn(NO_STATE)).toEqual(new Set());
});
