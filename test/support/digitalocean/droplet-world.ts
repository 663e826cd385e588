import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ClusterWorld } from '../../../cluster/context.js';
import { projectOf } from '../../../cluster/project.js';
import type { DropletSettings } from '../../../targets/droplet/settings.js';

import { TEST_TOKEN } from './api/server.js';

/** A droplet cluster with every default, but for images that nobody has to have. */
export const dropletSettings = (changes: Partial<DropletSettings> = {}): DropletSettings => ({
  name: 'ck-test-a',
  target: 'digitalocean',
  port: 4466,
  server: { image: 'prismagraphql/prisma:1.8', version: '1.8', auth: 'rsa' },
  database: { connector: 'postgres', image: 'postgres:10' },
  region: 'fra1',
  size: 's-1vcpu-2gb',
  image: 'ubuntu-24-04-x64',
  volume: { sizeGb: 10 },
  reservedIp: false,
  tags: [],
  backups: false,
  monitoring: false,
  images: { server: 'pull', database: 'pull' },
  ...changes,
});

/** A project of its own on disk, which ends with the running test, and the account at `url`. */
export async function dropletWorld(
  url: string,
  clusters: readonly string[] = [],
): Promise<ClusterWorld & { readonly home: string; readonly warnings: string[] }> {
  const home = await mkdtemp(join(tmpdir(), 'ck-test-droplet-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const entries = clusters.map(
    (name) =>
      `  ${name}:\n    target: digitalocean\n    server: { image: "prismagraphql/prisma:1.8" }\n` +
      '    database: { connector: postgres, image: "postgres:10" }\n',
  );
  await writeFile(
    join(home, 'clusters.yml'),
    `clusters:${entries.length ? '\n' : ' {}\n'}${entries.join('')}`,
  );
  const warnings: string[] = [];
  return {
    home,
    warnings,
    cluster: 'ck-test-a',
    project: projectOf('clusters.yml', home),
    registry: join(home, 'prisma', 'config.yml'),
    env: { DIGITALOCEAN_API_URL: url, DIGITALOCEAN_TOKEN: TEST_TOKEN },
    cacheDir: join(home, 'cache'),
    steps: { done: () => {}, detail: () => {}, warn: (text) => void warnings.push(text) },
    signal: new AbortController().signal,
    command: 'clusterkit up ck-test-a',
  };
}
