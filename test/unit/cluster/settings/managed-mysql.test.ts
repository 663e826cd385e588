import { expect, test } from 'vitest';
import { databaseProblems } from '../../../../cluster/settings/database-part.js';
import type { ClusterEntry } from '../../../../cluster/settings/entry.js';

import { dropletSettings } from '../../../support/digitalocean/droplet-context.js';

const entry = (image: string, connector: string) =>
  ({
    ...dropletSettings(),
    server: { image },
    database: { managed: true, connector, size: 'db-s-1vcpu-1gb', nodes: 1 },
  }) as unknown as ClusterEntry;

test.each([
  ['prismagraphql/prisma:1.8', 'postgres', []],
  ['clusterkit/dev-server:0.1.0', 'mysql', []],
  ['prismagraphql/prisma:1.8', 'mysql', ['clusters.a.database.connector']],
])('a managed database for %s and %s', (image, connector, expected) => {
  const problems = databaseProblems('clusters.a', entry(image, connector));
  expect(problems.map(({ path }) => path)).toEqual(expected);
  expect(problems.every(({ hint }) => hint?.includes('postgres'))).toBe(true);
});
