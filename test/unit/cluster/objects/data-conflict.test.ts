import { describe, expect, test } from 'vitest';
import { dataLayoutOf } from '../../../../cluster/data-layout.js';
import type { ClusterObject } from '../../../../cluster/objects/cluster-objects.js';
import { assertDataFits } from '../../../../cluster/objects/data-conflict.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

const volume = (role: string, layout: string | undefined): ClusterObject => ({
  kind: 'volume',
  id: role,
  name: role,
  role,
  project: '/p',
  layout,
});

test.each([
  ['1.6.3', 'mysql', 'mysql-1.6'],
  ['1.7.4', 'mysql', 'mysql'],
  ['1.34', 'mysql', 'mysql'],
  ['1.8', 'postgres', 'postgres'],
] as const)('server %s on %s: data of layout %s', (version, connector, layout) => {
  expect(dataLayoutOf(version, connector)).toBe(layout);
});

describe('assertDataFits', () => {
  test('no data yet, the same data, data of unknown origin', () => {
    const objects = [[], [volume('data', 'mysql')], [volume('data', undefined)]];
    for (const each of objects) expect(() => assertDataFits('one', 'mysql', each)).not.toThrow();
    expect(() => assertDataFits('one', 'mysql', [volume('config', 'postgres')])).not.toThrow();
  });

  test.each([
    ['postgres', 'mysql', 'is of PostgreSQL; the settings now need MySQL, for servers from 1.7'],
    ['mysql-1.6', 'mysql', 'is of MySQL, for servers up to 1.6; the settings now need MySQL'],
    ['of-tomorrow', 'mysql', 'is of of-tomorrow'],
  ] as const)('data of %s under a server that needs %s: refused', async (found, needed, words) => {
    const error = await kitErrorOf(() => assertDataFits('one', needed, [volume('data', found)]));
    expect(error).toMatchObject({ code: 'data-unfit', exitCode: 2 });
    expect(error.problems[0]?.path).toBe('clusters.one');
    expect(error.message).toContain(words);
    expect(error.message).toContain('clusterkit down one');
  });
});
