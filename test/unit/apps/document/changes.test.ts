import { describe, expect, it } from 'vitest';
import {
  nextRelease,
  releaseBefore,
  restarted,
  rolledBack,
  withInstances,
  withoutApp,
  withRelease,
} from '../../../../apps/document/changes.js';
import {
  type AppsDocument,
  currentRelease,
  documentText,
  NO_APPS,
  parseDocument,
} from '../../../../apps/document/document.js';
import { aRelease } from '../release.js';

const deployed = (count: number): AppsDocument =>
  Array.from({ length: count }).reduce<AppsDocument>(
    (document) => withRelease(document, 'web', aRelease(nextRelease(document, 'web'))),
    NO_APPS,
  );
const idsOf = (document: AppsDocument) => document.apps.web?.releases.map(({ id }) => id);

describe('the document of what is deployed', () => {
  it('is read as it was written', () => {
    const document = deployed(2);
    expect(parseDocument(documentText(document))).toEqual(document);
  });

  it.each(['', '{', '[]', '{"version":2,"apps":{}}'])('is damaged: %j', (text) => {
    expect(parseDocument(text)).toBeUndefined();
  });

  it('numbers releases, and keeps five before the current one', () => {
    const document = deployed(8);
    expect(idsOf(document)).toEqual(['r3', 'r4', 'r5', 'r6', 'r7', 'r8']);
    expect(document.apps.web).toMatchObject({ current: 'r8', next: 9 });
    expect(nextRelease(document, 'web')).toBe('r9');
    expect(nextRelease(document, 'other')).toBe('r1');
  });

  it('goes back, and holds what it went back from', () => {
    const document = rolledBack(deployed(3), 'web', 'r2');
    expect(currentRelease(document, 'web')?.id).toBe('r2');
    expect(document.apps.web?.held).toBe('rev-r3');
    expect(idsOf(document)).toEqual(['r1', 'r2', 'r3']);
  });

  it('holds what was deployed last, after several rollbacks', () => {
    const twice = rolledBack(rolledBack(deployed(3), 'web', 'r2'), 'web', 'r1');
    expect(twice.apps.web).toMatchObject({ current: 'r1', held: 'rev-r3' });
    expect(rolledBack(twice, 'web', 'r3').apps.web?.held).toBeUndefined();
  });

  it('has a restarted release in the place of the one before, and what is held stays', () => {
    const back = rolledBack(deployed(3), 'web', 'r2');
    const document = restarted(back, 'web', aRelease('r4', { revision: 'rev-r2' }));
    expect(idsOf(document)).toEqual(['r1', 'r4', 'r3']);
    expect(document.apps.web).toMatchObject({ current: 'r4', next: 5, held: 'rev-r3' });
  });

  it('holds nothing after a new release', () => {
    const document = withRelease(rolledBack(deployed(3), 'web', 'r2'), 'web', aRelease('r4'));
    expect(document.apps.web?.held).toBeUndefined();
  });

  it.each([
    ['r3', 'r2'],
    ['r1', undefined],
  ])('knows what was before %s', (current, before) => {
    const app = { current, next: 4, releases: ['r1', 'r2', 'r3'].map((id) => aRelease(id)) };
    expect(releaseBefore(app)?.id).toBe(before);
  });

  it('changes the instances of one release', () => {
    const document = withInstances(deployed(2), 'web', 'r1', ['a']);
    expect(document.apps.web?.releases.map(({ instances }) => instances)).toEqual([
      ['a'],
      ['web-r2-1', 'web-r2-2'],
    ]);
  });

  it('forgets an application', () => {
    expect(withoutApp(deployed(2), 'web')).toEqual(NO_APPS);
  });
});
