import { describe, expect, it } from 'vitest';
import type { KitError } from '../../../../lib/errors.js';
import { parseRegistry } from '../../../../registry/file/parse-registry.js';

function refusal(text: string) {
  try {
    parseRegistry(text, '/r/config.yml');
  } catch (error) {
    const { code, exitCode, problems } = error as KitError;
    return { code, exitCode, at: problems.map(({ path }) => path), says: problems[0]?.message };
  }
  return undefined;
}

describe('fails with the position', () => {
  it.each([
    ['a syntax error', 'clusters:\n  local: {host: x\n', '/r/config.yml:3:1'],
    ['a tab as indentation', 'clusters:\n\tlocal:\n', '/r/config.yml:2:1'],
    ['a key twice', 'clusters:\n  a:\n    host: x\n  "a":\n    host: y\n', '/r/config.yml:4:3'],
    ['clusters twice', 'clusters: {}\nx: 1\nclusters: {}\n', '/r/config.yml:3:1'],
    ['a field twice', 'clusters:\n  a:\n    host: x\n    host: y\n', '/r/config.yml:4:5'],
    ['two documents', 'clusters: {}\n---\nclusters: {}\n', '/r/config.yml:2:1'],
    ['a list as file', '- a\n- b\n', '/r/config.yml:1:1'],
    ['a list of clusters', 'clusters:\n  - local\n', '/r/config.yml:2:3'],
    ['a list as entry', 'clusters:\n  local:\n    - host\n', '/r/config.yml:3:5'],
    ['a word as entry', 'clusters:\n  local: http://localhost\n', '/r/config.yml:2:10'],
    ['a word as file', 'clusters', '/r/config.yml:1:1'],
    ['an alias to nothing', 'clusters: *gone\n', '/r/config.yml:1:11'],
    ['a lone carriage return', 'clusters: {}\rx: 1\n', '/r/config.yml:1:13'],
  ])('at %s', (_what, text, position) => {
    expect(refusal(text)).toMatchObject({ code: 'registry-malformed', exitCode: 2 });
    expect(refusal(text)?.at[0]).toBe(position);
  });

  it('at all problems at once', () => {
    const text = 'x: 1\nx: 2\nclusters:\n  a: word\n  b: [1]\n';
    expect(refusal(text)?.at).toEqual([
      '/r/config.yml:2:1',
      '/r/config.yml:4:6',
      '/r/config.yml:5:6',
    ]);
  });
});

it.each(['', '\ufeff', '# only a note\n', '---\n', 'clusters:\n', 'clusters: ~', '{}', '...\n'])(
  'takes %j for an empty registry',
  (text) => {
    expect([...parseRegistry(text, 'r').entries.keys()]).toEqual([]);
  },
);
