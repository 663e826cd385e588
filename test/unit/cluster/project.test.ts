import { expect, test } from 'vitest';
import {
  cacheDirectory,
  projectOf,
  stateFile,
  workingDirectory,
} from '../../../cluster/project.js';

test('a project is where its clusters.yml is', () => {
  expect(projectOf('clusters.yml', '/home/user/kit')).toEqual({
    configFile: '/home/user/kit/clusters.yml',
    stateDir: '/home/user/kit/.clusterkit',
    outdir: '/home/user/kit/.clusterkit/cdktf.out',
  });
  expect(projectOf('../other/c.yml', '/home/user/kit').stateDir).toBe(
    '/home/user/other/.clusterkit',
  );
  expect(projectOf('/srv/c.yml', '/home/user/kit').stateDir).toBe('/srv/.clusterkit');
});

test('state and working directory of a cluster', () => {
  const project = projectOf('clusters.yml', '/p');
  expect(stateFile(project.stateDir, 'one')).toBe('/p/.clusterkit/state/one.tfstate');
  expect(workingDirectory(project, 'one')).toBe('/p/.clusterkit/cdktf.out/stacks/one');
});

test('caches are where the system keeps them', () => {
  expect(cacheDirectory({}, '/home/user')).toBe('/home/user/.cache/clusterkit');
  expect(cacheDirectory({ XDG_CACHE_HOME: '' }, '/home/user')).toBe('/home/user/.cache/clusterkit');
  expect(cacheDirectory({ XDG_CACHE_HOME: '/c' }, '/home/user')).toBe('/c/clusterkit');
});
