import { expect, it } from 'vitest';
import { doorOf } from '../../support/door.js';

const failed = (why: string) => `*   Trying 198.18.59.10:22...
* ${why}
* Closing connection 0`;

it.each([
  ['connected', 0, '* Connected to 198.18.59.10 (198.18.59.10) port 4466 (#0)\n< HTTP/1.1 200 OK'],
  ['connected', 28, '* Connected to 198.18.59.10 (198.18.59.10) port 4466 (#0)\n* timed out'],
  ['refused', 7, failed('connect to 198.18.59.10 port 22 failed: Connection refused')],
  ['no machine', 7, failed('connect to 198.18.59.10 port 22 failed: No route to host')],
  ['silent', 28, failed('ipv4 connect timeout after 1000ms, move on!')],
])('%s: exit code %i', (door, exitCode, output) => {
  expect(doorOf({ exitCode, output })).toBe(door);
});

it('knows no door where curl itself failed', () => {
  expect(() => doorOf({ exitCode: 7, output: 'curl: something else' })).toThrow(
    'exit code 7: curl: something else',
  );
});
