import { expect, test } from 'vitest';
import { present } from '../../../../../programs/dev-server/management/present-migration.js';
import type { Step } from '../../../../../programs/dev-server/migration/plan-migration.js';

const at = new Date('2026-01-01T00:00:00Z');
const field = { type: 'CreateField', model: 'User', default: null, relatedModel: null };
const STEPS: Step[] = [
  { ...field, name: 'id', typeName: 'ID' },
  { ...field, name: 'age', typeName: 'Int', default: '3' },
  { ...field, name: 'posts', typeName: 'Relation', relatedModel: 'Post' },
  { type: 'UpdateField', name: 'age', typeName: null, default: null },
  { type: 'CreateRelation', name: 'PostToUser', leftModel: 'Post', rightModel: 'User' },
];
const told = (id: string, generation: 'A' | 'B' | 'C') => {
  const migration = { revision: 2, datamodel: '', steps: STEPS, startedAt: at, finishedAt: at };
  return present(migration, id, generation);
};
const fields = (generation: 'A' | 'B' | 'C') =>
  told('demo$dev', generation)
    .steps.slice(0, 4)
    .map((step) => {
      const { typeName, default: value } = step as Step;
      return [typeName, value];
    });

test('up to 1.26 ids go by their inner name', () => {
  for (const generation of ['A', 'B'] as const) {
    expect(fields(generation)).toEqual([
      ...[
        ['GraphQLID', null],
        ['Int', '3'],
        ['Relation', null],
        [null, null],
      ],
    ]);
  }
  expect(told('demo$dev', 'B').steps.at(-1)).not.toHaveProperty('after');
});

test('from 1.27 on types are told, the lack of a default, and where links are', () => {
  expect(fields('C')).toEqual([
    ...[
      ['ID', 'None'],
      ['Int', '3'],
      ['Post', 'None'],
      [null, null],
    ],
  ]);
  expect(told('demo$dev', 'C').steps.at(-1)).toMatchObject({
    name: 'PostToUser',
    after: {
      ...{ type: 'LinkTable', table: '_PostToUser', modelAColumn: 'A', modelBColumn: 'B' },
      idColumn: null,
    },
  });
});

test('A knows the separator of MySQL alone', () => {
  expect(told('demo$dev', 'A').projectId).toBe('demo@dev');
  expect(told('demo$dev', 'B').projectId).toBe('demo$dev');
  expect(told('demo@dev', 'C').projectId).toBe('demo@dev');
});
