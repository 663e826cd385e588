import { expect, it } from 'vitest';
import { restarted, withRelease } from '../../../apps/document/changes.js';
import { NO_APPS } from '../../../apps/document/document.js';
import { cleanupOf, imagesToKeep } from '../../../apps/leftovers.js';
import { aRelease } from './release.js';

const instance = (app: string, release: string, number: number, suffix = '', state = 'running') => {
  const name = `${app}-${release}-${number}${suffix}`;
  return { id: name, name, app, release, state, status: '' };
};

it('keeps the current release, stops one container of each earlier one, removes the rest', () => {
  const document = withRelease(
    withRelease(NO_APPS, 'web', aRelease('r1')),
    'web',
    aRelease('r2', { instances: ['web-r2-1'] }),
  );
  const instances = [
    ...[instance('web', 'r1', 1), instance('web', 'r1', 2)],
    ...[instance('web', 'r2', 1), instance('web', 'r2', 2)],
    ...[instance('web', 'r3', 1), instance('gone', 'r1', 1)],
    // Somebody works in the first one; the second one was left, and the third one's release was replaced.
    instance('web', 'r2', 1, '-exec-0a1b2c'),
    instance('web', 'r2', 1, '-exec-ffffff', 'exited'),
    instance('web', 'r1', 1, '-exec-0a1b2c'),
  ];
  expect(cleanupOf(document, instances)).toEqual({
    stop: ['web-r1-1'],
    remove: [
      ...['web-r1-2', 'web-r2-2', 'web-r3-1', 'gone-r1-1'],
      ...['web-r2-1-exec-ffffff', 'web-r1-1-exec-0a1b2c'],
    ],
  });
});

it('keeps the images of all releases, of restarted ones under the names that they have, and of the next one', () => {
  const image = { id: 'sha256:1', reference: 'clusterkit-app/local-web:r2' };
  const second = withRelease(
    withRelease(NO_APPS, 'web', aRelease('r1')),
    'web',
    aRelease('r2', { image }),
  );
  const document = restarted(second, 'web', aRelease('r3', { image }));
  expect(imagesToKeep(document, 'web')).toEqual(['r1', 'r3', 'r2', 'r4']);
  expect(imagesToKeep(document, 'gone')).toEqual([]);
});
