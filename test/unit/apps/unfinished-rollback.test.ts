import { expect, it } from 'vitest';
import { rolledBack, withRelease } from '../../../apps/document/changes.js';
import { NO_APPS } from '../../../apps/document/document.js';
import { unfinishedRollback } from '../../../apps/unfinished-rollback.js';
import { aRelease } from './release.js';

const deployed = ['r1', 'r2', 'r3'].reduce(
  (document, id) => withRelease(document, 'web', aRelease(id)),
  NO_APPS,
);
const instance = (release: string, state: string, app = 'web') => {
  const name = `${app}-${release}-1`;
  return { id: name, name, app, release, state, status: '' };
};

it.each([
  ['r3 still runs', [instance('r2', 'running'), instance('r3', 'running')], 'r3'],
  ['r3 has stopped', [instance('r2', 'running'), instance('r3', 'exited')], undefined],
  ['an older one has been started only', [instance('r1', 'running')], undefined],
  ['the r3 of another application runs', [instance('r3', 'running', 'other')], undefined],
])('after a rollback to r2, %s', (_, instances, expected) => {
  const app = rolledBack(deployed, 'web', 'r2').apps.web;
  expect(app && unfinishedRollback(app, 'web', instances)?.id).toBe(expected);
});

it('is none without a rollback', () => {
  const app = deployed.apps.web;
  expect(app && unfinishedRollback(app, 'web', [instance('r3', 'running')])).toBeUndefined();
});
