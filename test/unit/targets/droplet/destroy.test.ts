import { expect, test } from 'vitest';
import { environmentError } from '../../../../lib/errors.js';
import { isGone } from '../../../../targets/droplet/destroy.js';

const GONE = 'Error deleting volume: DELETE https://api.example.com/v2/volumes/1: 404 not found';
const failed = (...messages: string[]) =>
  environmentError(
    'terraform-failed',
    messages.map((message) => ({ message })),
  );

test.each([
  ['one object that is gone', failed(GONE), true],
  ['several', failed(GONE, GONE), true],
  ['one that is gone, and one that cannot be removed', failed(GONE, '422 in use'), false],
  ['a number like it', failed('droplet 4041: 500 server error'), false],
  ['an error of a stage', environmentError('account-not-cleared', { message: GONE }), false],
  ['an error of our own', new Error(GONE), false],
])('%s', (_, error, expected) => {
  expect(isGone(error)).toBe(expected);
});
