import { expect, it } from 'vitest';
import type { AppState } from '../../../../apps/app-state.js';
import { outcomeLines } from '../../../../cli/app/outcome-lines.js';
import { stateOf } from '../../../../cli/app/state-text.js';
import type { AppOutcome } from '../../../../lifecycle/apps/outcome.js';

const outcome = (outcome: AppOutcome['outcome'], more: Partial<AppOutcome> = {}): AppOutcome => ({
  ...{ app: 'web', outcome, release: 'r2', address: 'http://127.0.0.1:3000' },
  ...more,
});

it.each<[AppOutcome, string]>([
  [outcome('deployed'), 'Application web: release r2 serves at http://127.0.0.1:3000.'],
  [outcome('deployed', { address: null }), 'Application web: release r2 serves.'],
  [outcome('unchanged'), 'Application web: unchanged, release r2 serves at http://127.0.0.1:3000.'],
  [outcome('removed', { release: null, address: null }), 'Application web: removed.'],
  [
    outcome('held'),
    'Application web: release r2 stays after the rollback; `clusterkit app deploy local web` deploys the newer one again.',
  ],
  [
    outcome('unknown'),
    'Application web: release r2 stays; its secrets are not here, so nobody knows whether it has changed.',
  ],
  [
    outcome('waiting', { release: null, address: null }),
    'Application web: waits for its service. Deploy that (clusterkit deploy --cluster local), then run `clusterkit app deploy local web`.',
  ],
])('says what became of an application: %o', (given, line) => {
  expect(outcomeLines('local', [given])).toEqual([line]);
});

it('says that there are none', () => {
  expect(outcomeLines('local', [])).toEqual(['Cluster local has no applications.']);
});

it('counts instances by state, with the problem', () => {
  const states = ['running', 'exited', 'running'];
  const instances = states.map((state, index) => ({ name: `web-${index}`, state }));
  const state = { state: 'degraded', instances, problem: 'Exited (1)' } as unknown as AppState;
  expect(stateOf(state)).toBe('degraded (2 running, 1 exited): Exited (1)');
  expect(stateOf({ ...state, state: 'absent', instances: [], problem: undefined } as never)).toBe(
    'absent',
  );
});
