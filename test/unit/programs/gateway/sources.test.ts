import { describe, expect, test } from 'vitest';
import { Sources } from '../../../../programs/gateway/sources.js';

describe('whose address counts', () => {
  const sources = new Sources({ trustedProxies: ['10.0.0.0/8', '::1'] });

  test.each([
    ['192.0.2.1', '203.0.113.5', 'https', '192.0.2.1', 'http'],
    ['10.0.0.1', undefined, undefined, '10.0.0.1', 'http'],
    ['10.0.0.1', '203.0.113.5', 'https', '203.0.113.5', 'https'],
    ['::ffff:10.0.0.1', '203.0.113.5', 'http', '203.0.113.5', 'http'],
    ['::1', '198.51.100.1, 203.0.113.5, 10.0.0.9', undefined, '203.0.113.5', 'http'],
    ['10.0.0.1', '10.0.0.2, 10.0.0.3', undefined, '10.0.0.2', 'http'],
    ['::ffff:192.0.2.1', '203.0.113.5', 'https', '192.0.2.1', 'http'],
    ['10.0.0.1', '1.2.3.4, 203.0.113.5', undefined, '203.0.113.5', 'http'],
    ['10.0.0.1', 'nonsense', 'x, https', 'nonsense', 'https'],
  ])('%s says it asks for %s by %s: %s by %s', (peer, chain, proto, client, scheme) => {
    const plain = peer.replace('::ffff:', '');
    expect(sources.way(peer, chain, proto)).toMatchObject({ peer: plain, client, scheme });
  });

  test('the word of a stranger goes no further', () => {
    expect(sources.way('192.0.2.1', '1.2.3.4', 'https').forwardedFor).toBeUndefined();
    expect(sources.way('10.0.0.1', '1.2.3.4', 'https').forwardedFor).toBe('1.2.3.4');
  });
});

describe('who may use what', () => {
  const sources = new Sources({
    management: ['203.0.113.7', '2001:db8::/32'],
    data: [],
    trustedProxies: [],
  });

  test.each([
    ['203.0.113.7', true],
    ['::ffff:203.0.113.7', true],
    ['203.0.113.8', false],
    ['2001:db8::1', true],
    ['2001:db9::1', false],
    ['nonsense', false],
    ['', false],
  ])('management from %s: %s', (client, expected) => {
    expect(sources.isAllowed('management', client)).toBe(expected);
  });

  test('an empty list lets nobody in, none everybody', () => {
    expect(sources.isAllowed('data', '203.0.113.7')).toBe(false);
    expect(new Sources({ trustedProxies: [] }).isAllowed('data', 'anybody')).toBe(true);
  });
});
