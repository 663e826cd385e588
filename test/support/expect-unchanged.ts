import { expect } from 'vitest';
import { containerIds } from './engine-traces.js';
import type { TestCluster } from './test-cluster.js';

/** `up` changes nothing: not the entry, nor a container. Gives the ids by role, and what was said. */
export async function expectUnchanged(cluster: TestCluster) {
  const before = await containerIds(cluster.name);
  const again = await cluster.up('--json');
  expect(JSON.parse(again.stdout)).toMatchObject([{ entry: 'unchanged', changes: 0 }]);
  expect(await containerIds(cluster.name)).toEqual(before);
  return { before, again };
}
