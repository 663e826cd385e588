import { expect, test } from 'vitest';
import { parseFunctions } from '../../../../programs/activator/functions-file.js';
import { SPEC } from './fake-context.js';

const textOf = (hello: object) => JSON.stringify({ functions: { hello } });

test('a whole file is read as it is', () => {
  expect(parseFunctions(textOf(SPEC))).toEqual({ functions: { hello: SPEC } });
  const probed = { ...SPEC, health: '/', idleMs: 30_000 };
  expect(parseFunctions(textOf(probed)).functions.hello).toEqual(probed);
});

test.each([
  [{ concurrency: 0 }, 'functions.hello.concurrency: '],
  [{ port: 70_000 }, 'functions.hello.port: '],
  [{ health: 'x' }, 'functions.hello.health: '],
  [{ instances: [''] }, 'functions.hello.instances.0: '],
  [{ idleMs: -1 }, 'functions.hello.idleMs: '],
])('%j does not fit', (wrong, where) => {
  expect(() => parseFunctions(textOf({ ...SPEC, ...wrong }))).toThrow(where);
});

test('text that is no JSON', () => {
  expect(() => parseFunctions('{')).toThrow(SyntaxError);
});
