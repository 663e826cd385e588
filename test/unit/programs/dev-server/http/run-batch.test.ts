import { expect, test } from 'vitest';
import { runBatch } from '../../../../../programs/dev-server/http/run-batch.js';

const echo = async (request: unknown) => ({
  status: request === 'unreadable' ? 400 : 200,
  body: { data: request },
});

test.each([
  ['a request', { query: '{ a }' }, { status: 200, body: { data: { query: '{ a }' } } }],
  ['a list of one', [1], { status: 200, body: [{ data: 1 }] }],
  ['a list', [1, 2], { status: 200, body: [{ data: 1 }, { data: 2 }] }],
  ['no request', [], { status: 200, body: [] }],
  [
    'an unreadable one among others',
    [1, 'unreadable', 2],
    { status: 400, body: [{ data: 1 }, { data: 'unreadable' }, { data: 2 }] },
  ],
])('%s', async (_, body, reply) => {
  expect(await runBatch(body, echo)).toEqual(reply);
});

test('one after the other, in their order', async () => {
  let working = 0;
  const seen: unknown[] = [];
  await runBatch([1, 2, 3], async (request) => {
    working += 1;
    expect(working).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    working -= 1;
    seen.push(request);
    return { status: 200, body: null };
  });
  expect(seen).toEqual([1, 2, 3]);
});

test('a list that is too long is refused, and nothing of it runs', async () => {
  const run = async () => {
    throw new Error('ran');
  };
  await expect(runBatch(Array(101).fill(1), run)).rejects.toThrow(
    'The body has more than 100 requests.',
  );
});
