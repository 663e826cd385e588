import { expect } from 'vitest';
import type { TestDropletCluster } from './droplet-cluster.js';

/** `up` succeeds, and `status` sees a cluster that is well. */
export async function expectUp(cluster: TestDropletCluster, ...argv: string[]): Promise<void> {
  const up = await cluster.up(...argv);
  expect(up.exitCode, up.all).toBe(0);
  await expectHealthy(cluster);
}

/** `status` sees a cluster that is well. */
export async function expectHealthy(cluster: TestDropletCluster): Promise<void> {
  const status = await cluster.status();
  expect(status.exitCode, status.all).toBe(0);
}
