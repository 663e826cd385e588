import { describe, expect, test } from 'vitest';
import { shownKey, shownValue } from '../../../lib/shown-value.js';

describe('shownValue', () => {
  test.each([
    [70_000, '', '70000'],
    [true, '', 'true'],
    ['oracle', 'connector', '"oracle"'],
    ['no spaces please', 'image', '"no spaces please"'],
    [[1], '', 'a list'],
    [{ a: 1 }, '', 'a map'],
    [null, '', 'null'],
    ['line\nline', '', '"line\\nline"'],
  ])('%j is shown', (value, key, expected) => expect(shownValue(value, key)).toBe(expected));

  test.each([
    ['postgres://u:pw@h/d', 'image'],
    ['postgres://h/d', 'external'],
    ['hunter2', 'password'],
    ['hunter2', 'managementApiSecret'],
    ['-----BEGIN KEY-----\nMIIE', ''],
    ['dop_v1_0123456789abcdef', 'region'],
    ['eyJhbGciOiJIUzI1NiJ9.e30.x', ''],
    ['MIIEowIBAAKCAQEAx1y2z3ABCDEF', ''],
    ['x y '.repeat(11), ''],
  ])('%j of the key %j is not', (value, key) =>
    expect(shownValue(value, key)).toBe(`a text of ${value.length} characters`),
  );
});

test.each([
  ['conector', 'conector'],
  ['postgres://u:pw@h/d', '(a text of 19 characters)'],
])('shownKey of %j', (key, expected) => expect(shownKey(key)).toBe(expected));
