import { expect, test } from 'vitest';
import { oneByOne } from '../../../../cli/lifecycle/one-by-one.js';
import { environmentError } from '../../../../lib/errors.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

const upTo = (bad: string) => async (name: string) => {
  if (name === bad) throw environmentError('port-taken', { path: name, message: 'taken' });
  return { cluster: name };
};

test('gives all results in order', async () => {
  expect(await oneByOne(['b', 'a'], upTo('none'))).toEqual([{ cluster: 'b' }, { cluster: 'a' }]);
});

test('stops at the first failure and tells what was done', async () => {
  const asked: string[] = [];
  const error = await kitErrorOf(() =>
    oneByOne(['a', 'b', 'c'], async (name) => {
      asked.push(name);
      return upTo('b')(name);
    }),
  );
  expect(asked).toEqual(['a', 'b']);
  expect(error).toMatchObject({ code: 'port-taken', exitCode: 3, done: [{ cluster: 'a' }] });
});

test('nothing was done: the failure as it is', async () => {
  const error = await kitErrorOf(() => oneByOne(['b', 'c'], upTo('b')));
  expect(error.done).toEqual([]);
});
