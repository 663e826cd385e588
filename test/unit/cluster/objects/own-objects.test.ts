import { describe, expect, test } from 'vitest';
import type { ClusterObject } from '../../../../cluster/objects/cluster-objects.js';
import { type ObjectOwner, sortObjects } from '../../../../cluster/objects/own-objects.js';

const object = (custom: Partial<ClusterObject> & { id: string }): ClusterObject => ({
  ...{ kind: 'container', name: custom.id, role: 'server', layout: undefined },
  project: '/a/.clusterkit',
  ...custom,
});
const owner = (custom: Partial<ObjectOwner> = {}): ObjectOwner => ({
  ...{ id: 'ours', places: ['/a/.clusterkit'], knownIds: new Set<string>() },
  ...custom,
});
const ownIds = (objects: ClusterObject[], who: ObjectOwner) =>
  sortObjects(objects, who).own.map(({ id }) => id);

describe('whose the objects of a cluster’s name are', () => {
  test('the identity decides, whatever the path says', () => {
    const objects = [
      object({ id: 'here', identity: 'ours', project: '/elsewhere/.clusterkit' }),
      object({ id: 'there', identity: 'theirs' }),
    ];
    expect(sortObjects(objects, owner())).toEqual({ own: [objects[0]], foreign: [objects[1]] });
  });

  test('a directory without the identity owns nothing that has one', () => {
    const objects = [object({ id: 'a', identity: 'theirs' }), object({ id: 'v', kind: 'volume' })];
    expect(ownIds(objects, owner({ id: undefined, knownIds: new Set(['a', 'v']) }))).toEqual([]);
  });

  test('of a version before: by the path, or by an id in the state; a volume’s id is its name', () => {
    const objects = [
      object({ id: 'by-path' }),
      object({ id: 'by-state', project: '/gone/.clusterkit' }),
      object({ id: 'volume', kind: 'volume', project: '/gone/.clusterkit' }),
      object({ id: 'unknown', project: '/gone/.clusterkit' }),
      object({ id: 'no-path', project: undefined }),
    ];
    const known = new Set(['by-state', 'volume']);
    expect(ownIds(objects, owner({ id: undefined, knownIds: known }))).toEqual([
      'by-path',
      'by-state',
    ]);
  });

  test('volumes from before stay with the cluster whose containers have an identity', () => {
    const volume = object({ id: 'v', kind: 'volume' });
    expect(ownIds([volume, object({ id: 'c', identity: 'ours' })], owner())).toEqual(['v', 'c']);
    expect(ownIds([volume, object({ id: 'c', identity: 'theirs' })], owner())).toEqual([]);
  });
});
