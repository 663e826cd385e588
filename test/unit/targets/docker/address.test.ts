import { describe, expect, test } from 'vitest';
import {
  addressProblems,
  bindOf,
  endpointOf,
  formerEndpointOf,
  reachWarnings,
} from '../../../../targets/docker/address.js';
import { localAddresses } from '../../../../targets/docker/engine-place.js';

const port = 4466;

test.each([
  ['127.0.0.1', 'http://127.0.0.1:4466', 'http://localhost:4466'],
  ['::1', 'http://[::1]:4466', undefined],
  ['box.example.com', 'http://box.example.com:4466', undefined],
])('the endpoint at %s', (address, endpoint, former) => {
  expect(endpointOf({ address, port })).toBe(endpoint);
  expect(formerEndpointOf({ address, port })).toBe(former);
});

describe('addressProblems', () => {
  test.each([
    [{}],
    [{ address: '10.0.0.5' }],
    [{ address: '10.0.0.5', bind: '0.0.0.0' }],
    [{ address: '127.0.0.1', bind: '0.0.0.0' }],
    [{ address: '203.0.113.9', bind: '10.0.0.5' }],
    [{ address: 'box.example.com', bind: '10.0.0.5' }],
    [{ address: '::1' }],
  ])('%o can work', (given) => {
    expect(addressProblems('clusters.a', given)).toEqual([]);
  });

  test.each([
    [{ address: 'localhost' }, 'clusters.a.address', /another program at \[::1\]/],
    [{ address: '0.0.0.0' }, 'clusters.a.address', /nobody can connect/],
    [{ address: '::' }, 'clusters.a.address', /nobody can connect/],
    [{ address: 'box.example.com' }, 'clusters.a.bind', /is missing/],
    [{ address: '10.0.0.5', bind: '127.0.0.1' }, 'clusters.a.bind', /does not lead/],
    [{ bind: '10.0.0.5' }, 'clusters.a.bind', /does not lead/],
  ])('%o cannot', (given, path, message) => {
    expect(addressProblems('clusters.a', given)).toMatchObject([
      { path, message: expect.stringMatching(message), hint: expect.any(String) },
    ]);
  });
});

test('the port is published on the address, unless told otherwise', () => {
  expect(bindOf({})).toBe('127.0.0.1');
  expect(bindOf({ address: '10.0.0.5' })).toBe('10.0.0.5');
  expect(bindOf({ address: 'box', bind: '0.0.0.0' })).toBe('0.0.0.0');
});

test('only a port that others reach is a warning', () => {
  expect(reachWarnings({ address: '127.0.0.1', bind: '127.0.0.1', port })).toEqual([]);
  expect(reachWarnings({ address: '10.0.0.5', bind: '0.0.0.0', port })[0]).toMatch(
    /^port 4466 is published on all addresses .* Clients use http:\/\/10\.0\.0\.5:4466\.$/,
  );
});

test('localAddresses are those of the namespace, not its networks', () => {
  const trie = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 172.17.0.0/16 2 0 2
        |-- 172.17.0.0
           /16 link UNICAST
        |-- 172.17.0.1
           /32 host LOCAL
        |-- 172.17.255.255
           /32 link BROADCAST
`;
  expect([...localAddresses(trie)]).toEqual(['172.17.0.1']);
});
