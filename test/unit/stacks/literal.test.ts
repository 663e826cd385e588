// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's templates, not ours
import { expect, it } from 'vitest';
import { literal, literals } from '../../../stacks/common/literal.js';

it.each([
  ['/home/me/a b', '/home/me/a b'],
  ['/${path.module}/x', '/$${path.module}/x'],
  ['%{ if true }', '%%{ if true }'],
  ['$${x}', '$$${x}'],
  ['100 % $ {', '100 % $ {'],
  ['${TfToken[TOKEN.7]}', '${TfToken[TOKEN.7]}'],
  ['/${a}/${TfToken[TOKEN.7]}', '/$${a}/${TfToken[TOKEN.7]}'],
])('literal(%j) is %j', (text, expected) => {
  expect(literal(text)).toBe(expected);
});

it('literals changes every text, and nothing else', () => {
  const token = new Date(0);
  expect(literals({ a: ['${x}', 1, null, undefined, true], b: { c: '%{x}' }, token })).toEqual({
    a: ['$${x}', 1, null, undefined, true],
    b: { c: '%%{x}' },
    token,
  });
});
