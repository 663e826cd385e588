import { describe, expect, test } from 'vitest';
import { usageFrom, usageProblems } from '../../../../../targets/droplet/machine/data-usage.js';

const GIB = 1024 ** 3;
/** What a droplet prints: three numbers of `df`, the size of the file system, and that of the device. */
const said = (device: number, free = 8) =>
  `${9.5 * GIB} ${1.5 * GIB} ${free * GIB}\n${10 * GIB}\n${device}`;

describe('the file system of the data', () => {
  test('that has all of its volume', () => {
    const usage = usageFrom(said(10 * GIB));
    expect(usage).toEqual({
      ...{ sizeBytes: 9.5 * GIB, usedBytes: 1.5 * GIB, freeBytes: 8 * GIB },
      ...{ volumeBytes: 10 * GIB, isGrown: true },
    });
    expect(usageProblems(usage, '192.0.2.1')).toEqual([]);
  });

  test('smaller than its volume is a problem that the next up mends', () => {
    const usage = usageFrom(said(20 * GIB));
    expect(usage.isGrown).toBe(false);
    expect(usageProblems(usage, '192.0.2.1')).toEqual([
      {
        path: '192.0.2.1',
        message: 'the file system of the data has 9.5 GB of a volume of 20.0 GB',
        hint: 'Run `clusterkit up`: it grows the file system.',
      },
    ]);
  });

  test('nearly full is a problem', () => {
    const [problem, ...more] = usageProblems(usageFrom(said(10 * GIB, 0.2)), '192.0.2.1');
    expect(more).toEqual([]);
    expect(problem?.message).toContain('nearly full: 0.2 GB of 9.5 GB are free');
  });

  test('of an unknown device is no problem', () => {
    const usage = usageFrom(`${9.5 * GIB} ${1.5 * GIB} ${8 * GIB}\n0\n0`);
    expect(usage).toMatchObject({ volumeBytes: null, isGrown: null });
    expect(usageProblems(usage, '192.0.2.1')).toEqual([]);
  });
});
