import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kitCall, withCall } from '../../../cli/kit-call.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

async function checkout(name = 'kit') {
  const place = await temporaryDirectory();
  const root = join(place, name);
  await mkdir(join(root, 'scripts'), { recursive: true });
  await writeFile(join(root, 'scripts/clusterkit'), '');
  return { place, root };
}

test('in the checkout by a short path, elsewhere by a whole one', async () => {
  const { root, place } = await checkout();
  expect(kitCall({ root, cwd: root, path: '' })).toBe('scripts/clusterkit');
  expect(kitCall({ root, cwd: place, path: '' })).toBe('kit/scripts/clusterkit');
  expect(kitCall({ root, cwd: '/', path: undefined })).toBe(`${root.slice(1)}/scripts/clusterkit`);
  expect(kitCall({ root, cwd: join(root, 'scripts'), path: '' })).toBe('./clusterkit');
});

test('by its name where the PATH leads to this checkout, also by a link', async () => {
  const { root, place } = await checkout();
  const bin = join(place, 'bin');
  await mkdir(bin);
  await symlink(join(root, 'scripts/clusterkit'), join(bin, 'clusterkit'));
  expect(kitCall({ root, cwd: '/', path: `/nowhere:${bin}` })).toBe('clusterkit');
  expect(kitCall({ root, cwd: '/', path: `/nowhere:${join(root, 'scripts')}` })).toBe('clusterkit');
});

test('another program of that name on the PATH is not ours', async () => {
  const { root } = await checkout();
  const { root: other } = await checkout();
  const path = join(other, 'scripts');
  expect(kitCall({ root, cwd: root, path })).toBe('scripts/clusterkit');
});

test('a path that a shell would split is quoted', async () => {
  const { root } = await checkout("it's a kit");
  const { place: cwd } = await checkout();
  expect(kitCall({ root, cwd, path: '' })).toMatch(/^'.*it'\\''s a kit\/scripts\/clusterkit'$/);
});

test('in messages, only calls are replaced', () => {
  const text = (call: string) =>
    withCall(
      'Run `clusterkit up a` (clusterkit cluster add). clusterkit is a kit; x/clusterkit up',
      call,
    );
  expect(text('clusterkit')).toContain('`clusterkit up a`');
  expect(text('/k/$&')).toBe(
    'Run `/k/$& up a` (/k/$& cluster add). clusterkit is a kit; x/clusterkit up',
  );
});
