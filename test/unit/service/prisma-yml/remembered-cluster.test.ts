import { expect, test } from 'vitest';
import {
  rememberCluster,
  rememberedCluster,
} from '../../../../service/prisma-yml/remembered-cluster.js';

test.each([
  [
    'below endpoint',
    `endpoint: \${env:E}/a/b # e\nz: 1\n`,
    `endpoint: \${env:E}/a/b # e\n# cluster: near\nz: 1\n`,
  ],
  ['no final newline', 'endpoint: x', 'endpoint: x\n# cluster: near'],
  ['CRLF', 'z: 1\r\nendpoint: x\r\n', 'z: 1\r\nendpoint: x\r\n# cluster: near\r\n'],
  [
    'in place of another',
    'endpoint: x\n# cluster: z\nq: 1\n',
    'endpoint: x\n# cluster: near\nq: 1\n',
  ],
  ['on top', 'datamodel: d\n', '# cluster: near\ndatamodel: d\n'],
  ['on top, behind the mark', '\uFEFFdatamodel: d\n', '\uFEFF# cluster: near\ndatamodel: d\n'],
])('is remembered in a comment, %s', (_, before, after) => {
  expect(rememberCluster(before, 'near')).toBe(after);
  expect(rememberedCluster(after)?.name).toBe('near');
});

test('is only a line of its own with one word', () => {
  expect(rememberedCluster('a: 1\n# cluster: one\n')).toEqual({ name: 'one', line: 2 });
  expect(rememberedCluster('a: 1 # cluster: one\n')).toBeUndefined();
  expect(rememberedCluster('  # cluster: one\n')).toBeUndefined();
  expect(rememberedCluster('# cluster: the one that we use\n')).toBeUndefined();
});
