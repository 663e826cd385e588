import { expect, test } from 'vitest';
import { Places } from '../../../../programs/activator/places.js';

const fill = (places: Places, name: string) => {
  const leave: (() => void)[] = [];
  for (;;) {
    const each = places.take(name);
    if (each === undefined) return leave;
    leave.push(each);
  }
};

test('alone a function gets two thirds; others always find some places', () => {
  const places = new Places(90);
  const first = fill(places, 'first');
  expect(first).toHaveLength(60);
  expect(fill(places, 'second')).toHaveLength(20);
  expect(fill(places, 'third')).toHaveLength(7);
  expect(fill(places, 'fourth')).toHaveLength(2);
  expect(places.take('first')).toBeUndefined();
});

test('places come back, each once', () => {
  const places = new Places(3);
  const [one] = fill(places, 'only');
  one?.();
  one?.();
  expect(fill(places, 'only')).toHaveLength(1);
});
