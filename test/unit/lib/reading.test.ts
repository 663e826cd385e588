import { expect, test } from 'vitest';
import { reading } from '../../../lib/reading.js';

/** A reading of 1, 2, 3, …, and how often it was read. */
function counter() {
  let count = 0;
  const read = reading(async () => {
    count += 1;
    return count;
  });
  return { read, count: () => count };
}

test('reads nothing before it is asked, and once however often it is asked', async () => {
  const { read, count } = counter();
  expect(count()).toBe(0);
  expect(await Promise.all([read(), read()])).toEqual([1, 1]);
  expect([await read(), count()]).toEqual([1, 1]);
});

test('reads again after it was told to forget', async () => {
  const { read, count } = counter();
  await read();
  read.forget();
  expect(count()).toBe(1);
  expect([await read(), await read(), count()]).toEqual([2, 2, 2]);
});

test('a failure is kept as well, until it is forgotten', async () => {
  let fails = true;
  const read = reading(async () => {
    if (fails) throw new Error('not there');
    return 'there';
  });
  await expect(read()).rejects.toThrow('not there');
  fails = false;
  await expect(read()).rejects.toThrow('not there');
  read.forget();
  expect(await read()).toBe('there');
});
