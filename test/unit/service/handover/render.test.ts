import { execFileSync } from 'node:child_process';
import { parseEnv } from 'node:util';
import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KitError } from '../../../../lib/errors.js';
import { Secret } from '../../../../lib/secret.js';
import { plain, type Variable, variablesOf } from '../../../../prisma/client-variables.js';
import { renderDotenv } from '../../../../service/handover/render-dotenv.js';
import { renderGithub } from '../../../../service/handover/render-github.js';
import { renderSh } from '../../../../service/handover/variables.js';

/** Values that need quoting. Variables cannot contain NUL or half a surrogate pair. */
const value = fc.oneof(
  fc
    .array(
      fc.constantFrom(...'\'"`\\$#= \n\r\t!{}()%;&|<>~*?ab\\n', '\\n', "\\'", '\r\n', 'ü', '😀'),
    )
    .map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0')),
);
const variables = fc
  .array(value, { minLength: 1, maxLength: 4 })
  .map((values): Variable[] => values.map((text, i) => ({ name: `V_${i}`, value: text })));
const asObject = (list: readonly Variable[]) =>
  Object.fromEntries(list.map((each) => [each.name, plain(each)]));

describe('variablesOf', () => {
  const access = { cluster: 'a', endpoint: 'http://a:1', token: new Secret('t') };

  test('defaults', () => {
    expect(asObject(variablesOf(access))).toEqual({
      PRISMA_CLUSTER: 'a',
      PRISMA_ENDPOINT: 'http://a:1',
      PRISMA_CLUSTER_TOKEN: 't',
    });
  });

  test('custom: the secret itself', () => {
    const more = variablesOf({ ...access, managementSecret: new Secret('s') });
    expect(asObject(more)).toMatchObject({ PRISMA_MANAGEMENT_API_SECRET: 's' });
    expect(JSON.stringify(more)).not.toContain('"s"');
  });
});

describe('renderSh', () => {
  test('as people see it', () => {
    const list = [{ name: 'A', value: "it's" }];
    expect(renderSh(list, [])).toBe("export A='it'\\''s'");
    expect(renderSh(list, ['B'])).toBe("unset B\nexport A='it'\\''s'");
  });

  test('every value is read back by a real sh, also through eval "$(…)"', () => {
    fc.assert(
      fc.property(variables, (list) => {
        const names = list.map(({ name }) => name);
        const script = `eval "$(cat)"; for name in ${names.join(' ')}; do printenv -0 $name; done`;
        const options = { input: renderSh(list, []), env: { PATH: process.env.PATH ?? '' } };
        const read = execFileSync('sh', ['-c', script], options).toString();
        expect(read.split('\0').slice(0, -1)).toEqual(list.map(plain));
      }),
      { numRuns: 150 },
    );
  });
});

describe('renderDotenv', () => {
  test.each([
    ['http://localhost:4466', 'A=http://localhost:4466'],
    ['ey.J0-_x', 'A=ey.J0-_x'],
    ['two words # three', "A='two words # three'"],
    ["it's $5", "A=`it's $5`"],
    ['two\nlines', "A='two\nlines'"],
    ['', "A=''"],
  ])('%j', (text, line) => {
    expect(renderDotenv([{ name: 'A', value: text }])).toBe(line);
  });

  test('rejects a value that cannot be quoted, without printing it', () => {
    for (const text of ['\'"`', 'a\\', 'a\rb']) {
      const render = () => renderDotenv([{ name: 'A', value: new Secret(`hush ${text}`) }]);
      expect(render).toThrow(KitError);
      expect(render).toThrow(/^(?!.*hush)A: its value has quotes/);
    }
  });

  test('dotenv and Node read back every accepted value', () => {
    let taken = 0;
    fc.assert(
      fc.property(variables, (list) => {
        let text: string;
        try {
          text = renderDotenv(list);
        } catch (error) {
          expect(error).toMatchObject({ code: 'dotenv-unfit' });
          return;
        }
        taken += 1;
        expect(parse(text)).toEqual(asObject(list));
        expect(parseEnv(text)).toEqual(asObject(list));
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(300);
  });
});

describe('renderGithub', () => {
  test('as people see it; only secrets are masked', () => {
    const list = variablesOf({ cluster: 'a', endpoint: 'http://a:1', token: new Secret('t%') });
    expect(renderGithub(list, 'EOF')).toEqual({
      file: 'PRISMA_CLUSTER<<EOF\na\nEOF\nPRISMA_ENDPOINT<<EOF\nhttp://a:1\nEOF\nPRISMA_CLUSTER_TOKEN<<EOF\nt%\nEOF',
      masks: '::add-mask::t%25',
    });
  });

  test('a secret of several lines is masked as a whole and by line', () => {
    const list = [{ name: 'A', value: new Secret('one\r\ntwo\n') }];
    expect(renderGithub(list, 'EOF').masks.split('\n')).toEqual([
      '::add-mask::one%0D%0Atwo%0A',
      '::add-mask::one',
      '::add-mask::two',
    ]);
  });

  test('every value is read back as the runner reads the file', () => {
    fc.assert(
      fc.property(variables, (list) => {
        const { file, masks } = renderGithub(list, 'clusterkit_delimiter');
        expect(readGithubFile(`${file}\n`)).toEqual(asObject(list));
        expect(masks).toBe('');
      }),
      { numRuns: 1000 },
    );
  });
});

/** The file by its documented rules: `NAME<<DELIMITER`, lines, the delimiter alone on a line. */
function readGithubFile(text: string): Record<string, string> {
  const lines = text.split('\n').slice(0, -1);
  const found: Record<string, string> = {};
  while (lines.length > 0) {
    const [name = '', delimiter] = (lines.shift() ?? '').split('<<');
    const end = lines.indexOf(delimiter ?? '');
    if (end === -1) throw new Error(`no end for ${name}`);
    found[name] = lines.splice(0, end).join('\n');
    lines.shift();
  }
  return found;
}
