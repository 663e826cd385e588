import { expect, test } from 'vitest';
import { usageLines } from '../../../../cli/lifecycle/usage-lines.js';

const RATE = { requests: 10, perSeconds: 10, queue: 25 };
const service = (name: string, storageBytes: number, waiting = 0) => ({
  ...{ service: name, stage: 'dev', storageBytes, waiting },
});

test('plain clusters, and those that nobody could ask, have none', () => {
  expect(usageLines({})).toEqual([]);
  expect(usageLines({ usage: null })).toEqual([]);
  expect(usageLines({ usage: { services: [] } })).toEqual([]);
});

test('a cluster without services', () => {
  const usage = { rate: RATE, storageCapBytes: 100e6, services: [] };
  expect(usageLines({ usage })).toEqual([
    ['storage', 'no services yet; each may have 100 MB'],
    ['requests', '10 in 10 s for each service; none waits'],
  ]);
});

test('the largest first; who is full, and who waits, is told', () => {
  const services = [service('calm', 80_000), service('demo', 12_300_000, 3)];
  const full = { ...service('full', 100_250_000), waiting: 25 };
  const unknown = { service: 'unknown', stage: 'dev', waiting: 1 };
  const usage = { rate: RATE, storageCapBytes: 100e6, services: [...services, full, unknown] };
  expect(usageLines({ usage })).toEqual([
    ['storage', 'full/dev 100.3 of 100 MB: full, writes are refused'],
    ['storage', 'demo/dev 12.3 of 100 MB'],
    ['storage', 'calm/dev 0.1 of 100 MB'],
    [
      'requests',
      '10 in 10 s for each service; waiting: full/dev 25 of 25, demo/dev 3 of 25, unknown/dev 1 of 25',
    ],
  ]);
});

test('of many services the largest are shown', () => {
  const services = Array.from({ length: 14 }, (_, index) => service(`s${index}`, index * 1e6));
  const lines = usageLines({ usage: { storageCapBytes: 100e6, services } });
  expect(lines).toHaveLength(11);
  expect(lines[0]).toEqual(['storage', 's13/dev 13 of 100 MB']);
  expect(lines.at(-1)).toEqual(['', 'and 4 smaller ones']);
});
