import { describe, expect, test } from 'vitest';
import { adoptions } from '../../../../../targets/droplet/account/adopt.js';
import type {
  KitObject,
  KitObjectKind,
} from '../../../../../targets/droplet/account/kit-objects.js';

const object = (kind: KitObjectKind, id: string): KitObject => ({
  kind,
  id,
  name: `${kind} of one`,
  cluster: 'one',
  detail: '',
});
const ALL = [
  object('droplet', '7'),
  object('volume', 'v'),
  object('firewall', 'f'),
  object('ssh_key', '3'),
];
const TAG = 'clusterkit:one';
const adopted = (
  own: readonly KitObject[],
  { known = [] as string[], contacted = undefined as string | undefined, tags = [TAG] } = {},
) =>
  adoptions({ cluster: 'one', own, tags }, new Set(known), contacted).map(
    ({ object: { id }, address }) => `${address} ${id}`,
  );

describe('adoptions', () => {
  test('nothing where state knows everything, or nothing is there', () => {
    expect(adopted(ALL, { known: ['7', 'v', 'f', '3', TAG], contacted: '7' })).toEqual([]);
    expect(adopted([], { tags: ['clusterkit:other'] })).toEqual([]);
  });

  test('a volume that was kept, and the tag that it carries', () => {
    expect(adopted([object('volume', 'v')])).toEqual([
      'digitalocean_tag.tag clusterkit:one',
      'digitalocean_volume.data v',
    ]);
  });

  test('what a cut run left is not taken over, but for its volume', () => {
    expect(adopted(ALL)).toEqual([
      'digitalocean_tag.tag clusterkit:one',
      'digitalocean_volume.data v',
    ]);
  });

  test('all of a droplet that was set up once, when its state is lost', () => {
    expect(adopted([...ALL, object('droplet', '8')], { contacted: '7' })).toEqual([
      'digitalocean_tag.tag clusterkit:one',
      'digitalocean_droplet.droplet 7',
      'digitalocean_volume.data v',
      'digitalocean_firewall.firewall f',
      'digitalocean_ssh_key.login 3',
    ]);
  });
});
