import { expect, test } from 'vitest';
import { requestHeaders, responseHeaders } from '../../../../programs/gateway/hop-headers.js';

const ORIGIN = { peer: '192.0.2.7', scheme: 'http' } as const;
const HOST = 'api.example.com';
const OURS = [
  ...['x-forwarded-for', '192.0.2.7', 'x-forwarded-proto', 'http'],
  ...['x-forwarded-host', 'api.example.com'],
];

test('headers of the hop stay behind, all others go on as they came', () => {
  const raw = [
    ...['Host', 'api.example.com', 'Connection', 'keep-alive, X-Private', 'X-Private', '1'],
    ...['Keep-Alive', 'timeout=5', 'TE', 'trailers', 'Transfer-Encoding', 'chunked'],
    ...[
      'Upgrade',
      'h2c',
      'HTTP2-Settings',
      'x',
      'Proxy-Authorization',
      'x',
      'Expect',
      '100-continue',
    ],
    ...['Cookie', 'a=1', 'Cookie', 'b=2', 'Authorization', 'Bearer x', 'Content-Length', '2'],
  ];
  expect(requestHeaders(raw, ORIGIN, HOST)).toEqual([
    ...['Host', 'api.example.com', 'Cookie', 'a=1', 'Cookie', 'b=2'],
    ...['Authorization', 'Bearer x', 'Content-Length', '2', ...OURS],
  ]);
});

test('what a client says about its way here is not believed', () => {
  const raw = ['X-Forwarded-For', '10.0.0.1', 'X-Forwarded-Proto', 'https', 'Forwarded', 'for=x'];
  expect(requestHeaders(raw, ORIGIN, HOST)).toEqual(OURS);
});

test('what a trusted proxy says is kept, and goes on', () => {
  const origin = { ...ORIGIN, scheme: 'https', forwardedFor: '198.51.100.1' } as const;
  expect(requestHeaders([], origin, HOST).slice(0, 4)).toEqual([
    ...['x-forwarded-for', '198.51.100.1, 192.0.2.7', 'x-forwarded-proto', 'https'],
  ]);
});

test('Connection cannot take away what frames or routes a message', () => {
  const raw = ['Connection', 'content-length, host, authorization', 'Content-Length', '2'];
  expect(requestHeaders(raw, ORIGIN, HOST).slice(0, 2)).toEqual(['Content-Length', '2']);
});

test('names can be left out', () => {
  const raw = ['AUTHORIZATION', 'Bearer x', 'authorization', 'y', 'Accept', '*/*'];
  expect(requestHeaders(raw, ORIGIN, HOST, ['authorization'])).toEqual(['Accept', '*/*', ...OURS]);
});

test('the answer tells the delay, and only the delay of this gateway', () => {
  const raw = [
    'Content-Type',
    'text/html',
    'Throttled-By',
    '9',
    'Connection',
    'close',
    'Set-Cookie',
    'a',
  ];
  expect(responseHeaders(raw, 1_500)).toEqual([
    ...['Content-Type', 'text/html', 'Set-Cookie', 'a', 'throttled-by', '1500'],
  ]);
});
