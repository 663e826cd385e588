import { describe, expect, it } from 'vitest';
import { candidate, changeOf } from '../../../apps/candidate.js';
import { rolledBack, withRelease } from '../../../apps/document/changes.js';
import { NO_APPS } from '../../../apps/document/document.js';
import type { Instance } from '../../../apps/instances/find-instances.js';
import { appsPart } from '../../../cluster/settings/apps/apps-part.js';
import { Secret } from '../../../lib/secret.js';
import { aRelease } from './release.js';

const [app] = appsPart({ web: { image: 'web:1', port: 3000 } });
if (app === undefined) throw new Error('there is an application');
const KEY = new Secret('key');
const READ = { app, secrets: { KEY: new Secret('one') }, source: 'sha256:1', missing: [] };
const instance = (name: string, state: string): Instance => ({
  ...{ id: name, name, app: 'web', release: name.split('-')[1] ?? '', state, status: '' },
});
const running = ['web-r1-1', 'web-r1-2'].map((name) => instance(name, 'running'));
const first = withRelease(NO_APPS, 'web', aRelease('r1', { revision: 'one' }));

describe('the revision of an application', () => {
  const of = (more: Partial<typeof READ>) => candidate(KEY, { ...READ, ...more }).revision;

  it('is the same for the same input, whatever the order of its keys', () => {
    const reversed = Object.fromEntries(Object.entries(app).reverse()) as typeof app;
    expect(of({ app: reversed })).toBe(of({}));
  });

  it.each<[string, Partial<typeof READ>]>([
    ['settings', { app: { ...app, memoryMb: 512 } }],
    ['source', { source: 'sha256:2' }],
    ['secret', { secrets: { KEY: new Secret('two') } }],
  ])('changes with another %s', (_, more) => {
    expect(of(more)).not.toBe(of({}));
  });

  it('shows nothing to whoever lacks the key of the cluster', () => {
    expect(candidate(new Secret('other'), READ).revision).not.toBe(of({}));
  });

  it('is unknown without a secret', () => {
    expect(candidate(KEY, { ...READ, missing: [{ message: 'KEY' }] }).revision).toBeUndefined();
  });
});

describe('what a deployment would do', () => {
  const change = (revision: string | undefined, instances = running, document = first) =>
    changeOf(document, { app, revision }, instances);

  it('creates what is not deployed', () => {
    expect(change('one', [], NO_APPS)).toBe('create');
  });

  it('leaves what is the same', () => {
    expect(change('one')).toBe('none');
  });

  it('updates what has changed, whole or not', () => {
    expect([change('two'), change('two', [])]).toEqual(['update', 'update']);
  });

  it.each<[string, Instance[]]>([
    ['gone', running.slice(0, 1)],
    ['stopped', [instance('web-r1-1', 'running'), instance('web-r1-2', 'exited')]],
  ])('restores what is the same, with an instance that is %s', (_, instances) => {
    expect([change('one', instances), change(undefined, instances)]).toEqual([
      'restore',
      'restore',
    ]);
  });

  it('leaves what nobody can compare', () => {
    expect(change(undefined)).toBe('unknown');
  });

  it('leaves what a rollback left, until it changes', () => {
    const second = withRelease(first, 'web', aRelease('r2', { revision: 'two' }));
    const back = rolledBack(second, 'web', 'r1');
    expect([change('two', running, back), change('three', running, back)]).toEqual([
      'held',
      'update',
    ]);
  });

  it('does not need the instances of a function to run', () => {
    const release = aRelease('r1', { kind: 'function', revision: 'one' });
    const document = withRelease(NO_APPS, 'web', release);
    const sleeping = ['web-r1-1', 'web-r1-2'].map((name) => instance(name, 'exited'));
    expect(change('one', sleeping, document)).toBe('none');
  });
});
