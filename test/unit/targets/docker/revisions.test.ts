import { describe, expect, test } from 'vitest';
import type { State } from '../../../../clients/terraform/state/state.js';
import type { ContainerRole } from '../../../../cluster/names.js';
import { commonFacts } from '../../../../targets/common/stages/facts.js';
import { isStaleUnseen, revisionsOf } from '../../../../targets/docker/revisions.js';
import { PLACES, someSettings } from '../../../support/synthesized-stack.js';

const limits = (requests: number) => ({ requests, perSeconds: 10, queue: 5, storageMb: 100 });
const facts = (attempt: string, requests = 100) =>
  commonFacts(
    someSettings({ gateway: { image: 'clusterkit/gateway:0.1.0', limits: limits(requests) } }),
    { ...PLACES, attempt },
  );

/** The state after an apply of `attempt`: which containers it made, and whether it finished. */
function stateOf(attempt: string, made: Partial<Record<ContainerRole, string>>, finished = true) {
  const resource = (type: string, name: string, attributes: object, status?: string) => ({
    ...{ mode: 'managed', type, name },
    instances: [{ attributes: { id: name, ...attributes }, ...(status && { status }) }],
  });
  const label = (value: string) => ({ labels: [{ label: 'dev.clusterkit.run', value }] });
  return {
    version: 4,
    outputs: {},
    resources: [
      resource('terraform_data', 'sweep', { input: { value: { attempt } } }),
      resource('terraform_data', 'register', {}, finished ? undefined : 'tainted'),
      ...Object.entries(made).map(([role, value]) =>
        resource('docker_container', role, label(value)),
      ),
    ],
  } as State;
}

const first = revisionsOf(undefined, facts('attempt-1'));

describe('which containers are replaced', () => {
  test('none, while nothing changes', () => {
    expect(revisionsOf(stateOf('attempt-1', first), facts('attempt-1'))).toEqual(first);
  });

  test('a changed limit: the gateway alone, and no new attempt', () => {
    const state = stateOf('attempt-1', first);
    const changed = facts('attempt-1', 200);
    const { gateway, ...rest } = revisionsOf(state, changed, new Set(['gateway']));
    const { gateway: before, ...untouched } = first;
    expect(gateway).not.toBe(before);
    expect(rest).toEqual(untouched);
    expect(isStaleUnseen(state, changed, new Set(['gateway']))).toBe(false);
  });

  test('a secret that changed unseen: who reads it, with a new attempt', () => {
    const state = stateOf('attempt-1', first);
    expect(isStaleUnseen(state, facts('attempt-1'), new Set(['server']))).toBe(true);
    const { server, ...rest } = revisionsOf(state, facts('other-2'), new Set(['server']));
    const { server: before, ...untouched } = first;
    expect(server).not.toBe(before);
    expect(rest).toEqual(untouched);
  });

  test('after an apply that was cut off: all but those that it made itself', () => {
    const second = revisionsOf(undefined, facts('second-2'));
    const state = stateOf('second-2', { ...first, database: second.database }, false);
    const next = revisionsOf(state, facts('third-3'));
    expect(next.database).toBe(second.database);
    expect(next.server).toMatch(/-third-3/);
  });

  test('of a version before: all, once', () => {
    const state = stateOf('attempt-1', { ...first, server: '7f9c-a-run-id' });
    expect(revisionsOf(state, facts('attempt-1')).server).toBe(first.server);
  });
});
