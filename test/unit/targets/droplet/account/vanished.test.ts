import { expect, test } from 'vitest';
import { vanished } from '../../../../../targets/droplet/account/forget-vanished.js';
import { type SomeResource, stateWith } from '../../../../support/terraform-state.js';

const resource = (type: string, name: string, attributes: object, more = {}): SomeResource => ({
  type,
  name,
  instances: [{ attributes: { ...attributes }, ...more }],
});
const STATE = stateWith([
  resource('digitalocean_project', 'project', { id: 'p' }),
  resource('digitalocean_reserved_ip_assignment', 'address', { id: 'a', ip_address: '192.0.2.7' }),
  resource('digitalocean_droplet', 'droplet', { id: '1' }),
  resource('constructor', 'odd', { id: 'c' }),
  { ...resource('digitalocean_project', 'seen', { id: 'q' }), mode: 'data' },
  resource('digitalocean_project', 'old', { id: 'r' }, { deposed: 'f00d' }),
]);
const PROJECT = { id: 'p' } as never;
const ADDRESS = { ip: '192.0.2.7' } as never;

test.each([
  [[], [], ['digitalocean_project.project', 'digitalocean_reserved_ip_assignment.address']],
  [[PROJECT], [], ['digitalocean_reserved_ip_assignment.address']],
  [[], [ADDRESS], ['digitalocean_project.project']],
  [[PROJECT], [ADDRESS], []],
])('what the account no longer has (%j, %j)', (projects, reservedIps, gone) => {
  expect(vanished(STATE, { projects, reservedIps })).toEqual(gone);
});

test('what cannot be seen is not judged', () => {
  expect(vanished(STATE, { projects: undefined, reservedIps: undefined })).toEqual([]);
});
