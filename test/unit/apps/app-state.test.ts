import { describe, expect, it } from 'vitest';
import { appState, isWell } from '../../../apps/app-state.js';
import { withRelease } from '../../../apps/document/changes.js';
import { NO_APPS } from '../../../apps/document/document.js';
import type { FunctionsReport } from '../../../cluster/functions/functions-report.js';
import { appsPart } from '../../../cluster/settings/apps/apps-part.js';
import { aRelease } from './release.js';

const [settings] = appsPart({ web: { image: 'web:1', port: 3000 } });
const document = withRelease(withRelease(NO_APPS, 'web', aRelease('r1')), 'web', aRelease('r2'));
const instances = (...states: string[]) =>
  states.map((state, index) => ({
    ...{ id: 'i', name: `web-r2-${index + 1}`, app: 'web', release: 'r2' },
    ...{ state, status: `${state} 3 s ago` },
  }));
const facts = { name: 'web', settings, document, address: 'http://127.0.0.1:4810' };
const stateOf = (...states: string[]) => appState({ ...facts, instances: instances(...states) });

describe('an application that always runs', () => {
  it('tells release, instances, address and earlier releases', () => {
    expect(stateOf('running', 'running')).toEqual({
      ...{ app: 'web', kind: 'app', release: 'r2', at: '2026-01-01T00:00:00.000Z' },
      ...{ state: 'running', address: 'http://127.0.0.1:4810', earlier: ['r1'] },
      instances: [
        { name: 'web-r2-1', state: 'running' },
        { name: 'web-r2-2', state: 'running' },
      ],
    });
  });

  it('is degraded when some instances run, failing when none does, with the reason', () => {
    expect(stateOf('running', 'exited')).toMatchObject({
      state: 'degraded',
      problem: 'exited 3 s ago',
    });
    expect(stateOf('restarting', 'exited')).toMatchObject({ state: 'failing' });
    expect(stateOf().instances).toEqual([
      { name: 'web-r2-1', state: 'absent' },
      { name: 'web-r2-2', state: 'absent' },
    ]);
  });

  it('is absent when it is not deployed, extra when clusters.yml does not name it', () => {
    const none = appState({ ...facts, document: NO_APPS, instances: [] });
    const { settings: _, ...unnamed } = facts;
    const extra = appState({ ...unnamed, instances: instances('running', 'running') });
    expect([none.state, extra.state, isWell(none), isWell(extra)]).toEqual([
      ...['absent', 'extra', false, false],
    ]);
  });
});

describe('a function', () => {
  const release = aRelease('r2', { kind: 'function' });
  const counts = { served: 1, refused: 0, timeouts: 0, broken: 0, crashes: 0 };
  const report = (...states: string[]) =>
    ({
      digest: 'd',
      functions: {
        web: {
          ...{ release: 'r2', draining: [], inflight: 0, queue: 0, counts },
          instances: states.map((state, index) => ({
            ...{ name: `web-r2-${index + 1}`, state, inflight: 0, failures: 0 },
          })),
        },
      },
    }) as FunctionsReport;
  const of = (functions?: FunctionsReport) =>
    appState({
      ...facts,
      document: withRelease(NO_APPS, 'web', release),
      instances: instances('paused', 'created'),
      functions,
    });

  it.each<[string[], string]>([
    [['ready', 'stopped'], 'ready'],
    [['frozen', 'stopped'], 'ready'],
    [['stopped', 'stopped'], 'stopped'],
    [['ready', 'backing-off'], 'degraded'],
    [['missing', 'backing-off'], 'failing'],
  ])('with instances %j is %s', (states, state) => {
    expect(of(report(...states))).toMatchObject({ state, requests: counts });
  });

  it('is failing without its activator, or when nothing can be woken', () => {
    expect(of()).toMatchObject({ state: 'failing', problem: 'the activator does not answer' });
    const broken = { ...report('ready', 'ready'), wakerProblem: 'no waker' };
    expect(of(broken)).toMatchObject({ state: 'failing', problem: 'no waker' });
  });
});
