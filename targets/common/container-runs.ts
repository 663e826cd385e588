import type { ContainerRole } from '../../cluster/names.js';
import type { ClusterSettings } from '../../cluster/settings/settings.js';
import type { Problem } from '../../lib/errors.js';
import type { Machine } from '../machine.js';
import { type ChooseOwn, type ContainerRun, containersOf } from './container-states.js';

/** What an engine reports of a container; its zero time is in the year 1. */
interface Inspected {
  readonly Name: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    readonly OOMKilled: boolean;
    readonly ExitCode: number;
    readonly StartedAt: string;
    readonly FinishedAt: string;
  };
  readonly HostConfig: { readonly Memory?: number | undefined };
}

/** Queries the engines of a cluster for the runs of its containers. */
export async function runsOn(
  machines: readonly Pick<Machine, 'engine'>[],
  settings: ClusterSettings,
  own: ChooseOwn = (objects) => objects,
): Promise<ContainerRun[]> {
  const runs = machines.map(async (machine) => {
    const objects = own(await containersOf(machine, settings));
    return Promise.all(
      objects.map(async ({ id, role }) => {
        // It may be removed in between.
        const found = await machine.engine
          .getContainer(id)
          .inspect()
          .catch(() => undefined);
        return found === undefined ? [] : [runOf(role ?? 'unknown', found)];
      }),
    );
  });
  return (await Promise.all(runs)).flat(2);
}

/** The run of one container, as its engine reports it. */
export function runOf(
  role: string,
  { Name, RestartCount, State, HostConfig }: Inspected,
): ContainerRun {
  const runs = State.Status === 'running' || State.Status === 'paused';
  return {
    ...{ role, name: Name.replace(/^\//, ''), state: State.Status, restarts: RestartCount },
    killedForMemory: State.OOMKilled,
    exitCode: runs ? null : State.ExitCode,
    startedAt: State.StartedAt,
    endedAt: State.FinishedAt.startsWith('0001') ? null : State.FinishedAt,
    memoryMb: HostConfig.Memory ? Math.round(HostConfig.Memory / 1024 ** 2) : null,
  };
}

/** A kill for memory is a finding for a day, and as long as the container does not run. */
const RECENT_MS = 24 * 3_600_000;

/** Kills for memory that somebody should act on, with the setting that helps. */
export const memoryProblems = (
  runs: readonly ContainerRun[],
  { database }: Pick<ClusterSettings, 'database'>,
  now: Date,
): Problem[] =>
  runs
    .filter(({ killedForMemory, endedAt, exitCode }) => {
      const age = endedAt === null ? 0 : now.getTime() - Date.parse(endedAt);
      return killedForMemory && (exitCode !== null || age < RECENT_MS);
    })
    .map(({ role, name, memoryMb, endedAt, restarts }) => ({
      path: name,
      message: `exceeded its memory of ${memoryMb ?? '?'} MB and was killed${endedAt === null ? '' : ` at ${endedAt.slice(0, 19)}Z`} (restarts: ${restarts})`,
      hint: hintFor(role as ContainerRole, database),
    }));

function hintFor(role: ContainerRole, database: ClusterSettings['database']): string {
  if (role === 'server') return 'Raise server.memory in clusters.yml, and run up again.';
  if (role !== 'database')
    return `Its limit is fixed. See what it did: clusterkit logs NAME ${role}`;
  return database.external || database.managed
    ? 'It is the relay: raise database.memory in clusters.yml, or lower database.connectionLimit, and run up again.'
    : 'Raise database.memory in clusters.yml, or lower database.connectionLimit, and run up again.';
}
