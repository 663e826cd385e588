import { expect, it } from 'vitest';
import { withRelease } from '../../../../apps/document/changes.js';
import { NO_APPS } from '../../../../apps/document/document.js';
import { newPlaces } from '../../../../apps/document/new-places.js';
import { aRelease } from '../release.js';

it('names ports and host names that were not there before', () => {
  const first = withRelease(NO_APPS, 'web', aRelease('r1', { published: 80 }));
  const second = withRelease(
    first,
    'web',
    aRelease('r2', { published: 81, domains: ['a.example.com'] }),
  );
  expect(newPlaces(NO_APPS, first)).toEqual([{ app: 'web', place: 'port 80' }]);
  expect(newPlaces(first, first)).toEqual([]);
  expect(newPlaces(first, second)).toEqual([
    { app: 'web', place: 'port 81' },
    { app: 'web', place: 'domain a.example.com' },
  ]);
});
