import { expect, test } from 'vitest';
import type { ClusterSettings } from '../../../../cluster/settings/settings.js';
import { memoryProblems, runOf } from '../../../../targets/common/container-runs.js';

const database: ClusterSettings['database'] = { connector: 'postgres', image: 'y' };
const NOW = new Date('2026-03-02T12:00:00Z');

/** A container of 160 MB, as an engine reports it: it runs, after three restarts. */
const inspected = (state: object = {}) => ({
  Name: '/clusterkit-a-database',
  RestartCount: 3,
  State: {
    ...{ Status: 'running', OOMKilled: true, ExitCode: 0 },
    ...{ StartedAt: '2026-03-02T11:00:01.5Z', FinishedAt: '2026-03-02T11:00:00.5Z' },
    ...state,
  },
  HostConfig: { Memory: 160 * 1024 * 1024 },
});
const problemsOf = (role: string, state: object = {}, settings = database) =>
  memoryProblems([runOf(role, inspected(state))], { database: settings }, NOW);

test('a run, in our words', () => {
  expect(runOf('database', inspected())).toEqual({
    ...{ role: 'database', name: 'clusterkit-a-database', state: 'running', restarts: 3 },
    ...{ killedForMemory: true, exitCode: null, memoryMb: 160 },
    ...{ startedAt: '2026-03-02T11:00:01.5Z', endedAt: '2026-03-02T11:00:00.5Z' },
  });
  const first = { FinishedAt: '0001-01-01T00:00:00Z', OOMKilled: false };
  expect(runOf('server', inspected(first))).toMatchObject({
    ...{ endedAt: null, killedForMemory: false },
  });
  const ended = { Status: 'exited', ExitCode: 137 };
  expect(runOf('server', inspected(ended))).toMatchObject({ exitCode: 137, state: 'exited' });
});

test('a kill for memory is a finding, with the setting that helps', () => {
  expect(problemsOf('database')).toEqual([
    {
      path: 'clusterkit-a-database',
      message: 'exceeded its memory of 160 MB and was killed at 2026-03-02T11:00:00Z (restarts: 3)',
      hint: 'Raise database.memory in clusters.yml, or lower database.connectionLimit, and run up again.',
    },
  ]);
  const [ofServer] = problemsOf('server');
  expect(ofServer?.hint).toMatch(/^Raise server\.memory/);
  const managed = { version: '15', size: 's', nodes: 1 };
  const [ofRelay] = problemsOf('database', {}, { ...database, managed });
  expect(ofRelay?.hint).toMatch(/^It is the relay: raise database\.memory/);
  const [ofGateway] = problemsOf('gateway');
  expect(ofGateway?.hint).toMatch(/limit is fixed\..*logs NAME gateway$/);
});

test('no finding: no kill, or one of long ago after which it runs', () => {
  expect(problemsOf('server', { OOMKilled: false })).toEqual([]);
  const old = { FinishedAt: '2026-03-01T11:59:59Z' };
  expect(problemsOf('server', old)).toEqual([]);
  expect(problemsOf('server', { ...old, Status: 'exited', ExitCode: 137 })).toHaveLength(1);
});
