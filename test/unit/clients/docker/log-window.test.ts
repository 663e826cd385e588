import { describe, expect, test } from 'vitest';
import { momentAfter, parseSince, parseTail } from '../../../../clients/docker/log-window.js';

const NOW = new Date('2026-03-04T05:06:07.089Z');
const ago = (seconds: number) =>
  parseSince(new Date(NOW.getTime() - seconds * 1000).toISOString(), NOW);
const local = (text: string) => `${new Date(text).getTime() / 1000}.000000000`;

describe('parseSince', () => {
  test.each([
    ['10m', 600],
    ['2h', 7200],
    ['1h30m', 5400],
    ['1.5h', 5400],
    ['90s', 90],
    ['7d', 604_800],
    ['500ms', 0.5],
    ['0s', 0],
  ])('%s ago', (text, seconds) => {
    expect(parseSince(text, NOW)).toBe(ago(seconds));
  });

  test.each([
    ['2026-02-01T15:04:05Z', '1769958245.000000000'],
    ['2026-02-01T15:04:05.123456789Z', '1769958245.123456789'],
    ['2026-02-01T15:04:05.5+02:00', '1769951045.500000000'],
    ['2026-02-01T15:04Z', '1769958240.000000000'],
    ['2026-02-01T15:04:05', local('2026-02-01T15:04:05')],
    ['2026-02-01T15:04', local('2026-02-01T15:04')],
    ['2026-02-01', local('2026-02-01T00:00')],
    ['1769958245', '1769958245'],
    ['1769958245.25', '1769958245.25'],
  ])('at %s', (text, expected) => {
    expect(parseSince(text, NOW)).toBe(expected);
  });

  test('longer ago than there is time', () => {
    expect(parseSince('99999999d', NOW)).toBe('0.000000000');
  });

  test.each([
    ...['', '10', 'm', '-10m', '10 m', '10x', '1h 30m', 'yesterday', '2026-02-30', '2026-13-01'],
    ...['2026-02-01T25:00', '2026-02-01Z', '2026-02-01T15:04.5', '26-02-01', '2026-2-1', '1.2.3s'],
  ])("'%s' is no time", (text) => {
    expect(parseSince(text, NOW)).toBeUndefined();
  });
});

test('parseTail', () => {
  expect(['0', '100', 'all', '', '-1', '1.5', 'ten', '+3'].map(parseTail)).toEqual([
    ...[0, 100, 'all'],
    ...[undefined, undefined, undefined, undefined, undefined],
  ]);
});

test('momentAfter is a nanosecond later', () => {
  expect(momentAfter('2026-02-01T15:04:05.000000009Z')).toBe('1769958245.000000010');
  expect(momentAfter('2026-02-01T15:04:05.999999999Z')).toBe('1769958246.000000000');
  expect(momentAfter('2026-02-01T17:04:05.120000000+02:00')).toBe('1769958245.120000001');
});
