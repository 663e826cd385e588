import { expect, test } from 'vitest';
import { generationOf } from '../../../../prisma/generation.js';
import { serverVersion } from '../../../../programs/dev-server/start.js';

test.each(['A', 'B', 'C'] as const)('generation %s is told, and whose it is', (generation) => {
  const version = serverVersion(generation, '0.1.0');
  expect(version).toMatch(/^1\.\d+\.\d+-clusterkit\.0\.1\.0$/);
  expect(generationOf(version)).toBe(generation);
});

test('CLIs up to 1.8 find nothing to compare, as with any upstream release', () => {
  // Two dotted numbers with only a dash and word characters between them.
  const compared = /(\d{1,2}\.\d{1,2}\.?\d{0,2})-?\w*(\d{1,2}\.\d{1,2}\.?\d{0,2})/;
  expect('1.8.0-beta1.2').toMatch(compared);
  expect('1.8.3').not.toMatch(compared);
  expect(serverVersion('B', '0.1.0')).not.toMatch(compared);
});
