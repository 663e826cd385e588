import { buildSchema, GraphQLScalarType, parseValue } from 'graphql';
import { expect, test } from 'vitest';
import { newId } from '../../../../../programs/dev-server/api/new-id.js';
import { attachScalars } from '../../../../../programs/dev-server/api/scalars.js';

const schema = buildSchema('scalar DateTime scalar Json');
attachScalars(schema);
const scalar = (name: string) => {
  const type = schema.getType(name);
  if (type instanceof GraphQLScalarType) return type;
  throw new Error(`no scalar ${name}`);
};

test.each([
  ['2018-01-31T12:00:00.000Z', '2018-01-31T12:00:00.000Z'],
  ['2018-01-31T12:00:00+02:00', '2018-01-31T10:00:00.000Z'],
  ['2018-01-31T12:00:00', '2018-01-31T12:00:00.000Z'],
  ['2018-01-31', '2018-01-31T00:00:00.000Z'],
])('DateTime %s', (text, expected) => {
  expect(scalar('DateTime').serialize(scalar('DateTime').parseValue(text))).toBe(expected);
});

test.each(['yesterday', '', '2018-13-01', '12:00', 5])('DateTime %s is refused', (value) => {
  expect(() => scalar('DateTime').parseValue(value)).toThrow('is not a date and time');
});

test('Json is text in a query, and itself in variables', () => {
  const literal = (text: string) => scalar('Json').parseLiteral(parseValue(text));
  expect(literal(String.raw`"{\"a\": [1]}"`)).toEqual({ a: [1] });
  expect(literal('{ a: [1] }')).toEqual({ a: [1] });
  expect(scalar('Json').parseValue('plain')).toBe('plain');
  expect(() => literal('"{"')).toThrow('is not JSON');
});

test('ids sort in the order in which they were made', () => {
  const early = Array.from({ length: 2_000 }, () => newId(new Date('2018-01-01')));
  const late = newId(new Date('2018-01-01T00:00:00.001Z'));
  expect([...early, late].sort()).toEqual([...early, late]);
  expect(new Set(early).size).toBe(2_000);
  for (const id of [...early, late]) expect(id).toMatch(/^c[0-9a-z]{24}$/);
});
