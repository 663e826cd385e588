import { describe, expect, it } from 'vitest';
import { awaitHealthy, type HealthWait } from '../../../../apps/instances/await-healthy.js';
import type { Engine } from '../../../../clients/docker/connect.js';
import { Secret } from '../../../../lib/secret.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

/** What an engine says of a container, one after the other; the last one again and again. */
type States = readonly { readonly [key: string]: unknown; readonly RestartCount?: number }[];

const running = { Status: 'running', Running: true, StartedAt: '2026-01-01T00:00:00Z' };
const LOG = 'connects with tok-1';
const frame = Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, LOG.length]), Buffer.from(LOG)]);

function wait(states: States, more: Partial<HealthWait> = {}): HealthWait {
  let at = 0;
  const container = {
    inspect: async () => {
      const { RestartCount = 0, ...State } = states[Math.min(at++, states.length - 1)] ?? {};
      return { State, RestartCount };
    },
    logs: async () => frame,
  };
  return {
    engine: { getContainer: () => container } as unknown as Engine,
    ...{ name: 'c', path: 'clusters.local.apps.web', hasHealth: true, limitMs: 500 },
    ...{ secrets: [new Secret('tok-1')], signal: new AbortController().signal },
    ...more,
  };
}

describe('an instance that is to serve', () => {
  it('is asked until it can', async () => {
    const answers = ['status 503: not yet', undefined];
    await awaitHealthy(wait([running], { ask: async () => answers.shift() }));
    expect(answers).toEqual([]);
  });

  it('is not asked while it starts again', async () => {
    const restarting = { Status: 'restarting', Running: true, Restarting: true, RestartCount: 1 };
    let asked = 0;
    const ask = async () => {
      asked++;
      return undefined;
    };
    await awaitHealthy(wait([restarting, restarting, running], { ask }));
    expect(asked).toBe(1);
  });

  it.each([
    [true, 'Its health path must answer with 200.'],
    [false, 'It must listen on the port that PORT names, on all addresses (0.0.0.0).'],
  ])('tells the last answer and its log when it cannot in time', async (hasHealth, hint) => {
    const ask = async () => 'status 503: still warming up';
    const error = await kitErrorOf(() => awaitHealthy(wait([running], { ask, hasHealth })));
    expect(error).toMatchObject({ code: 'app-unhealthy', exitCode: 3 });
    expect(error.problems).toEqual([
      {
        path: 'clusters.local.apps.web',
        message:
          'does not become healthy within 0.5 s (last: status 503: still warming up)\nconnects with [secret]',
        hint: `${hint} The release before goes on.`,
      },
    ]);
  });

  it('tells how it ended, although it has been started again', async () => {
    const killed = { Status: 'restarting', Restarting: true, ExitCode: 137, OOMKilled: true };
    const again = { ...running, ExitCode: 0, OOMKilled: false, RestartCount: 3 };
    const error = await kitErrorOf(() =>
      awaitHealthy(wait([killed, again], { ask: async () => 'refused' })),
    );
    expect(error).toMatchObject({ code: 'app-ended' });
    expect(error.message).toContain('exit code 137, killed because it needs more memory');
    expect(error.problems[0]?.hint).toContain('Set memory to more.');
  });

  it('ends with the command, also while it is asked', async () => {
    const stop = new AbortController();
    const asked = awaitHealthy(
      wait([running], { signal: stop.signal, ask: () => new Promise(() => {}) }),
    );
    stop.abort(new Error('Ctrl-C'));
    await expect(asked).rejects.toThrow('Ctrl-C');
  });
});

describe('an instance without a port', () => {
  it('is well once it has stayed up', async () => {
    await awaitHealthy(wait([{ ...running, StartedAt: new Date().toISOString() }, running]));
  });

  it.each([
    ['healthy', undefined],
    ['unhealthy', 'app-unhealthy'],
  ])('is as the health check of its image says: %s', async (Status, code) => {
    const state = { ...running, Health: { Status } };
    const outcome = await awaitHealthy(wait([state])).then(
      () => undefined,
      (error) => error.code,
    );
    expect(outcome).toBe(code);
  });
});
