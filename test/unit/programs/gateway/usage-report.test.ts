import { describe, expect, test } from 'vitest';
import { usageReport } from '../../../../prisma/usage-report.js';
import { RateLimit } from '../../../../programs/gateway/rate-limit.js';
import type { ServiceName } from '../../../../programs/gateway/storage/storage-gate.js';
import { serviceOf, type UsageSource } from '../../../../programs/gateway/usage/usage-source.js';
import { reportUsage } from '../../../../programs/gateway/usage-report.js';
import { HandClock } from '../hand-clock.js';

const RATE = { requests: 10, perSeconds: 10, queue: 25 };
const none = { rate: undefined, limit: undefined, storage: undefined };

function source(sizes: Readonly<Record<string, number>>): UsageSource {
  const keyOf = ({ service, stage }: ServiceName) => `${service}/${stage}`;
  return {
    of: async (name) => ({ bytes: sizes[keyOf(name)] ?? 0, rows: 0, isExact: false }),
    services: async (most) =>
      Object.keys(sizes)
        .slice(0, most)
        .map((key) => ({ service: key.split('/')[0] ?? '', stage: key.split('/')[1] ?? '' })),
    deployed: async () => [],
    close: async () => {},
  };
}

describe('reportUsage', () => {
  test('defaults: without limits there is nothing to tell', async () => {
    expect(await reportUsage(none)).toEqual({ services: [] });
  });

  test('what services store and who waits, whatever the case of their names', async () => {
    const clock = new HandClock();
    const limit = new RateLimit({ requests: 1, perMs: 1_000, queue: 25 }, clock);
    const { signal } = new AbortController();
    for (let count = 0; count < 3; count++) void limit.take('demo/dev', signal);
    for (let count = 0; count < 2; count++) void limit.take('unknown/dev', signal);
    void limit.take('calm/dev', signal);
    const sizes = { 'Demo/dev': 12_300_000, 'calm/dev': 0, 'ws~x/prod': 7 };
    const report = await reportUsage({
      ...{ rate: RATE, limit },
      storage: { source: source(sizes), capBytes: 100e6 },
    });
    expect(report).toEqual({
      rate: RATE,
      storageCapBytes: 100e6,
      services: [
        { service: 'Demo', stage: 'dev', storageBytes: 12_300_000, waiting: 2 },
        { service: 'calm', stage: 'dev', storageBytes: 0, waiting: 0 },
        { service: 'ws~x', stage: 'prod', storageBytes: 7, waiting: 0 },
        { service: 'unknown', stage: 'dev', waiting: 1 },
      ],
    });
    expect(usageReport.parse(report)).toEqual(report);
    limit.stop();
  });

  test('fails when the database does', async () => {
    const failing = { ...source({}), services: () => Promise.reject(new Error('gone')) };
    const asked = reportUsage({ ...none, storage: { source: failing, capBytes: 1 } });
    await expect(asked).rejects.toThrow('gone');
  });
});

test.each([
  ['demo$dev', '$', { service: 'demo', stage: 'dev' }],
  ['ws~demo$dev', '$', { service: 'ws~demo', stage: 'dev' }],
  ['demo@dev', '@', { service: 'demo', stage: 'dev' }],
  ['public', '$', undefined],
  ['$dev', '$', undefined],
  ['demo@', '@', undefined],
] as const)('schema %s', (schema, separator, expected) => {
  expect(serviceOf(schema, separator)).toEqual(expected);
});
