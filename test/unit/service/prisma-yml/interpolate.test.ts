import { expect, test } from 'vitest';
import { parseDotEnv } from '../../../../service/prisma-yml/dot-env.js';
import { interpolate, variablesOf } from '../../../../service/prisma-yml/interpolate.js';

const sources = {
  env: { STAGE: 'dev', NESTED: `\${env:STAGE}-x`, EMPTY: '' },
  opt: { stage: 'prod' },
  self: { custom: { name: `blog-\${env:STAGE}` }, loop: `\${self:loop}`, list: ['a'] },
};

test.each([
  ['plain', 'plain', []],
  [`\${env:STAGE}`, 'dev', []],
  [`http://h/\${env:STAGE}/\${opt:stage}`, 'http://h/dev/prod', []],
  [`\${ env:STAGE }`, 'dev', []],
  [`\${env:NESTED}`, 'dev-x', []],
  [`\${self:custom.name}`, 'blog-dev', []],
  [`\${env:MISSING, 'fallback'}`, 'fallback', []],
  [`\${opt:none, env:STAGE}`, 'dev', []],
  [`\${env:MISSING}/x`, `\${env:MISSING}/x`, ['env:MISSING']],
  [`\${opt:none, env:MISSING}`, `\${opt:none, env:MISSING}`, ['opt:none, env:MISSING']],
  [`\${self:custom.none}`, `\${self:custom.none}`, ['self:custom.none']],
  [`\${file:x}`, `\${file:x}`, ['file:x']],
  [`x\${env:EMPTY}y`, 'xy', []],
  [`\${what?}`, `\${what?}`, []],
])('%s', (text, value, missing) => {
  expect(interpolate(text, sources)).toEqual({ value, missing });
});

test('a circle ends, and a value that is not text stays unchanged', () => {
  expect(interpolate(`\${self:loop}`, sources).value).toBe(`\${self:loop}`);
  expect(interpolate(`\${self:list}`, sources)).toEqual({ value: ['a'], missing: [] });
  expect(interpolate(7, sources)).toEqual({ value: 7, missing: [] });
});

test('names the variables of a whole file', () => {
  const file = { a: `\${env:A}`, b: [{ c: `\${opt:x, env:B, 'z'}` }], d: 1, e: null };
  expect(variablesOf(file)).toEqual(['A', 'B']);
});

test('.env is read as the CLIs read it', () => {
  const text = '\uFEFFA=1\r\n  B = two words \n#C=3\nD="x\\ny"\nE=\'x\\ny\'\nF=a#b\nG=\nH\nI=a=b\n';
  expect(parseDotEnv(text)).toEqual({
    ...{ A: '1', B: 'two words', D: 'x\ny', E: 'x\\ny', F: 'a#b', G: '', I: 'a=b' },
  });
});
