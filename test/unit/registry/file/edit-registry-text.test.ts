import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../lib/secret.js';
import {
  removeCloudSessionText,
  removeEntryText,
  renameEntryText,
  upsertEntryText,
} from '../../../../registry/file/edit-registry-text.js';

const entry = { name: 'new', host: 'http://h:1', clusterSecret: new Secret('k\nl\n') };
const NEW = `  new:\n    host: 'http://h:1'\n    clusterSecret: "k\\nl\\n"\n`;

describe('upsertEntryText', () => {
  it.each([
    ['an empty file', '', `clusters:\n${NEW}`],
    ['a byte order mark alone', '\ufeff', `\ufeffclusters:\n${NEW}`],
    ['comments alone', '# mine\n', `# mine\nclusters:\n${NEW}`],
    ['a document start alone', '---\n', `---\nclusters:\n${NEW}`],
    ['a document end', 'x: 1\n...\n', `x: 1\nclusters:\n${NEW}...\n`],
    ['an empty flow map', 'clusters: {} # none\nx: 1\n', `clusters: # none\n${NEW}x: 1\n`],
    ['a bare key', 'clusters:\nx: 1\n', `clusters:\n${NEW}x: 1\n`],
    ['a null', 'clusters: ~\n', `clusters:\n${NEW}`],
    ['an empty file map', '{}\n', `clusters:\n${NEW}`],
    [
      'no final line break',
      'clusters:\n  a: {host: x}',
      `clusters:\n  a: {host: x}\n${NEW}`.trimEnd(),
    ],
    [
      'comments behind the last entry',
      'clusters:\n  a:\n    host: x # a\n    # inside\n\n# below\nx: 1\n',
      `clusters:\n  a:\n    host: x # a\n${NEW}    # inside\n\n# below\nx: 1\n`,
    ],
    [
      'an indentation of its own',
      'clusters:\n   a:\n     host: x\n',
      `clusters:\n   a:\n     host: x\n${NEW.replace(/^ {4}/gm, '     ').replace(/^ {2}new/m, '   new')}`,
    ],
  ])('adds to %s', (_what, before, after) => {
    expect(upsertEntryText(before, entry)).toBe(after);
  });

  it('adds to a file that is JSON', () => {
    expect(upsertEntryText('{"clusters": {"a": {"host": "x"}}}', entry)).toBe(
      '{"clusters": {"new": {"host": "http://h:1", "clusterSecret": "k\\nl\\n"}, "a": {"host": "x"}}}',
    );
    expect(upsertEntryText('{"x": 1}\n', entry)).toBe(
      '{"clusters": {"new": {"host": "http://h:1", "clusterSecret": "k\\nl\\n"}}, "x": 1}\n',
    );
  });

  it.each([
    [
      'plain',
      'new:\n    host: http://old\n',
      'new:\n    host: http://h:1\n    clusterSecret: "k\\nl\\n"\n',
    ],
    [
      'quoted, with comments and keys of others',
      'new: # n\n    # c\n    clusterSecret: \'old\' # s\n\n    x: {y: 1}\n    host: "old" # h\n',
      'new: # n\n    # c\n    clusterSecret: "k\\nl\\n" # s\n\n    x: {y: 1}\n    host: "http://h:1" # h\n',
    ],
    [
      'with the secret as block',
      'new:\n    clusterSecret: |\n        old\n        older\n\n    host: http://h:1\n',
      'new:\n    clusterSecret: |\n      k\n      l\n\n    host: http://h:1\n',
    ],
    ['empty', 'new:\n', `new:\n    host: 'http://h:1'\n    clusterSecret: "k\\nl\\n"\n`],
    ['null', 'new: ~ # c\n', `new: # c\n    host: 'http://h:1'\n    clusterSecret: "k\\nl\\n"\n`],
    [
      'without values',
      'new:\n    host:\n    clusterSecret: # c\n',
      'new:\n    host: "http://h:1"\n    clusterSecret: "k\\nl\\n" # c\n',
    ],
    [
      'in flow style',
      'new: {host: old, x: 1} # c\n',
      'new: {"clusterSecret": "k\\nl\\n", host: "http://h:1", x: 1} # c\n',
    ],
    [
      'an empty flow map',
      'new: {}\n',
      'new: {"host": "http://h:1", "clusterSecret": "k\\nl\\n"}\n',
    ],
  ])('changes an entry that is %s', (_what, before, after) => {
    const frame = (inner: string) => `clusters:\n  ${inner}  z: {host: z}\n`;
    expect(upsertEntryText(frame(before), entry)).toBe(frame(after));
  });

  it('expands an alias, and keeps its other keys', () => {
    const before = 'clusters:\n  a: &a\n    host: x\n    note: 1\n  new: *a\n';
    expect(upsertEntryText(before, entry)).toBe(
      `clusters:\n  a: &a\n    host: x\n    note: 1\n  new:\n    <<: *a\n${NEW.split('\n').slice(1).join('\n')}`,
    );
  });

  it('does not change a text that has the entry already, in any style', () => {
    const text = 'clusters: {new: {clusterSecret: "k\\nl\\n", host: http://h:1}}';
    expect(upsertEntryText(text, entry)).toBe(text);
    const merged =
      'b: &b {host: "http://h:1"}\nclusters:\n  new: {<<: *b, clusterSecret: "k\\nl\\n"}\n';
    expect(upsertEntryText(merged, entry)).toBe(merged);
  });

  it('fails when other entries refer to the entry', () => {
    const shared = 'clusters:\n  new: &n\n    host: x\n  b: *n\n';
    const refused = expect.objectContaining({ code: 'registry-edit-refused', exitCode: 2 });
    expect(() => upsertEntryText(shared, entry)).toThrow(refused);
    expect(() => removeEntryText(shared, 'new')).toThrow(refused);
    expect(removeEntryText(shared, 'b')).toBe('clusters:\n  new: &n\n    host: x\n');
  });

  it('quotes names that YAML would read as another type', () => {
    for (const name of [
      'on',
      'null',
      '1',
      'a: b',
      '#',
      '- x',
      'ü',
      '"',
      '<<',
      '*a',
      '\u2028',
      'é\u0000',
    ]) {
      const text = upsertEntryText('', { name, host: 'h' });
      expect(removeEntryText(text, name)).toBe('clusters:\n');
    }
    expect(() => upsertEntryText('', { name: '__proto__', host: 'h' })).toThrow(
      'not a valid cluster name',
    );
  });
});

describe('removeEntryText', () => {
  it.each([
    ['{a: {host: x}, b: {host: y}}', 'a', '{b: {host: y}}'],
    ['{a: {host: x}, b: {host: y}}', 'b', '{a: {host: x}}'],
    ['{a: {host: x},}', 'a', '{}'],
  ])('removes a pair from %s', (before, name, after) => {
    expect(removeEntryText(`clusters: ${before}\n`, name)).toBe(`clusters: ${after}\n`);
  });

  it('does not change a text without the entry', () => {
    expect(removeEntryText('x: 1 # c', 'a')).toBe('x: 1 # c');
  });
});

describe('renameEntryText', () => {
  it('changes the key alone', () => {
    expect(renameEntryText('clusters:\n  a: # c\n    host: x\n', 'a', 'b')).toBe(
      'clusters:\n  b: # c\n    host: x\n',
    );
  });

  it('fails for a name that is taken or absent', () => {
    const text = 'clusters: {a: {host: x}, b: {host: y}}';
    expect(() => renameEntryText(text, 'a', 'b')).toThrow('taken');
    expect(() => renameEntryText(text, 'c', 'd')).toThrow('no such cluster');
  });
});

describe('removeCloudSessionText', () => {
  it.each([
    ['clusters: {}\ncloudSessionKey: abc # c\n# d\n', 'clusters: {}\n# d\n'],
    ['# c\ncloudSessionKey: >-\n  a\n  b\n', '# c\nclusters: {}\n'],
    ['{"cloudSessionKey": "a", "clusters": {}}', '{"clusters": {}}'],
    ['clusters: {}\r\ncloudSessionKey: abc', 'clusters: {}'],
    ['clusters: {}', 'clusters: {}'],
  ])('%j', (before, after) => {
    expect(removeCloudSessionText(before)).toBe(after);
  });
});
