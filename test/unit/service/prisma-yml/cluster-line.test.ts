import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  restoreLine,
  setClusterLine,
  setForRun,
} from '../../../../service/prisma-yml/cluster-line.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

describe('the cluster line', () => {
  test.each([
    [
      'value alone',
      'service: a\ncluster: x\nstage: dev\n',
      'service: a\ncluster: near\nstage: dev\n',
    ],
    ['comment kept', 'service: a\ncluster: x   # mine\n', 'service: a\ncluster: near   # mine\n'],
    ['double quotes kept', 'service: a\ncluster: "x"\n', 'service: a\ncluster: "near"\n'],
    ['single quotes kept', "service: a\ncluster: 'x'\n", "service: a\ncluster: 'near'\n"],
    [
      'CRLF kept',
      'service: a\r\ncluster: x\r\nz: 1\r\n',
      'service: a\r\ncluster: near\r\nz: 1\r\n',
    ],
    ['no final newline', 'service: a\ncluster: x', 'service: a\ncluster: near'],
    ['without value', 'service: a\ncluster:\n', 'service: a\ncluster: near\n'],
    ['null', 'service: a\ncluster: ~ # none\n', 'service: a\ncluster: near # none\n'],
    ['block scalar', 'cluster: >-\n  x\nservice: a\n', 'cluster: near\nservice: a\n'],
    ['quoted key', 'service: a\n"cluster": x\n', 'service: a\n"cluster": near\n'],
    ['flow map', '{service: a, cluster: x}\n', '{service: a, cluster: near}\n'],
    ['byte order mark', '\uFEFFcluster: x\nservice: a\n', '\uFEFFcluster: near\nservice: a\n'],
    ['variable', `service: a\ncluster: \${env:C}\n`, 'service: a\ncluster: near\n'],
  ])('changes, %s', (_, before, after) => {
    expect(setClusterLine(before, 'near')).toBe(after);
  });

  test.each([
    [
      'below stage',
      'service: a\nstage: dev # s\nz: 1\n',
      'service: a\nstage: dev # s\ncluster: near\nz: 1\n',
    ],
    ['below service', 'service: a\n\n# d\nz: 1\n', 'service: a\ncluster: near\n\n# d\nz: 1\n'],
    ['no final newline', 'service: a\nstage: dev', 'service: a\nstage: dev\ncluster: near'],
    ['CRLF', 'service: a\r\nstage: dev\r\n', 'service: a\r\nstage: dev\r\ncluster: near\r\n'],
    [
      'CRLF, no final newline',
      'service: a\r\nstage: dev',
      'service: a\r\nstage: dev\r\ncluster: near',
    ],
    ['indented', '  service: a\n  stage: dev\n', '  service: a\n  stage: dev\n  cluster: near\n'],
    ['flow map', '{service: a, stage: b}', '{cluster: near, service: a, stage: b}'],
    ['byte order mark', '\uFEFFstage: dev\n', '\uFEFFstage: dev\ncluster: near\n'],
    ['document markers', '---\nstage: dev\n...\n', '---\nstage: dev\ncluster: near\n...\n'],
    ['block scalar', 'stage: |-\n  dev\nz: 1\n', 'stage: |-\n  dev\ncluster: near\nz: 1\n'],
  ])('comes, %s', (_, before, after) => {
    expect(setClusterLine(before, 'near')).toBe(after);
  });

  test('is rejected when it cannot change alone', async () => {
    const anchored = 'cluster: &c x\nother: *c\nservice: a\n';
    expect(await kitErrorOf(() => setClusterLine(anchored, 'near'))).toMatchObject({
      code: 'cluster-line-refused',
      exitCode: 2,
    });
    await kitErrorOf(() => setClusterLine('- a\n', 'near'));
    await kitErrorOf(() => setForRun('{cluster: x, service: a}', 'near'));
    await kitErrorOf(() => setForRun('cluster: >-\n  x\nservice: a\n', 'near'));
  });

  test('for one run contains the original line', () => {
    const before = 'service: a\n  \ncluster:   "x"  # mine\r\nz: 1\n';
    const during =
      'service: a\n  \ncluster: near # clusterkit: put back cluster:   "x"  # mine\r\nz: 1\n';
    expect(setForRun(before, 'near')).toBe(during);
    expect(restoreLine(during)).toBe(before);
    expect(restoreLine(before)).toBeUndefined();
  });

  test('for one run on the first line, behind a byte order mark', () => {
    const before = '\uFEFFcluster: x\nservice: a';
    const during = setForRun(before, 'near');
    expect(during).toBe('\uFEFFcluster: near # clusterkit: put back cluster: x\nservice: a');
    expect(restoreLine(during)).toBe(before);
  });

  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  const name = fc.oneof(
    word,
    fc.stringMatching(/^[ -~]{1,12}$/),
    fc.string({ minLength: 1, unit: 'grapheme' }),
  );
  const value = fc.oneof(
    word,
    word.map((text) => `'${text}'`),
    word.map((text) => `"${text}" # why: not`),
    word.map((text) => `${text}  # cluster: other`),
    fc.constant(`\${env:CLUSTER}`),
  );
  const line = fc.oneof(
    fc.constantFrom(
      '',
      '# cluster: no',
      '  # deep',
      'schema: s.graphql',
      'custom:',
      '  cluster: inner',
    ),
    word.map((text) => `secret: ${text}`),
  );
  const service = fc
    .record({
      above: fc.array(line, { maxLength: 3 }),
      cluster: fc.option(value),
      below: fc.array(line, { maxLength: 3 }),
      lineBreak: fc.constantFrom('\n', '\r\n'),
      final: fc.boolean(),
      bom: fc.boolean(),
    })
    .map(({ above, cluster, below, lineBreak, final, bom }) => {
      const lines = ['service: blog', 'stage: dev', ...(cluster ? [`cluster: ${cluster}`] : [])];
      const all = [...above, ...lines, ...below].join(lineBreak) + (final ? lineBreak : '');
      return (bom ? '\uFEFF' : '') + all;
    })
    .filter((text) => {
      try {
        parse(text);
        // The reader does not count the first line's indentation behind a byte order mark.
        return !/^\uFEFF\s/.test(text);
      } catch {
        return false;
      }
    });

  test('changes alone, with any content around it', () => {
    fc.assert(
      fc.property(service, name, (before, cluster) => {
        const after = setClusterLine(before, cluster);
        expect(parse(after)).toEqual({ ...parse(before), cluster });
        const kept = (text: string) =>
          text.split('\n').filter((each) => !/^\uFEFF?cluster:/.test(each));
        expect(kept(after).join('\n').trimEnd()).toBe(kept(before).join('\n').trimEnd());
      }),
    );
  });

  test('is restored byte for byte', () => {
    fc.assert(
      fc.property(service, name, (text, cluster) => {
        const before = setClusterLine(text, 'home');
        const during = setForRun(before, cluster);
        expect(parse(during)).toEqual({ ...parse(before), cluster });
        expect(restoreLine(during)).toBe(before);
      }),
    );
  });
});
