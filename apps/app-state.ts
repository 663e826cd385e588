import type { FunctionReport, FunctionsReport } from '../cluster/functions/functions-report.js';
import type { AppSettings } from '../cluster/settings/apps/settings.js';
import {
  type AppsDocument,
  currentRelease,
  type DeployedApp,
  type Release,
} from './document/document.js';
import type { Instance } from './instances/find-instances.js';

/** How an application is. Stable: `--json` shows it. */
export interface AppState {
  readonly app: string;
  readonly kind: AppSettings['kind'];
  /** The release that serves; `null`: none. */
  readonly release: string | null;
  /** When it began to serve, ISO 8601; `null`: none serves. */
  readonly at: string | null;
  /**
   * `running`; of a function `ready` (it has its memory, perhaps frozen) or `stopped`; `degraded`: some instances do
   * not run; `failing`: none can serve; `absent`: not deployed; `extra`: it serves, but clusters.yml does not name it.
   */
  readonly state: 'running' | 'ready' | 'stopped' | 'degraded' | 'failing' | 'absent' | 'extra';
  readonly instances: readonly InstanceState[];
  /** Where requests go from outside; `null`: it receives none, or the address is not known. */
  readonly address: string | null;
  /** Earlier releases, the newest last. */
  readonly earlier: readonly string[];
  /** What became of requests since the activator's start. Functions only. */
  readonly requests?: FunctionReport['counts'];
  /** Why it is not well, or its last error. @default - nothing is known */
  readonly problem?: string;
}

/** One container of an application. */
export interface InstanceState {
  readonly name: string;
  /** `running`, `exited`, `absent`, …; of a function as the activator has it, such as `ready`, `frozen` and `stopped`. */
  readonly state: string;
  /** When it was last killed because it needed more memory, ISO 8601. @default - not since it was made */
  readonly killedForMemory?: string;
}

/** Input of {@link appState}. */
export interface AppFacts {
  readonly name: string;
  /** @default - clusters.yml does not name it */
  readonly settings?: AppSettings | undefined;
  readonly document: AppsDocument;
  readonly instances: readonly Instance[];
  /** Why requests do not reach it: see `edgeProblem`. */
  readonly edge?: string | undefined;
  /** Times of kills for memory, by the names of instances. */
  readonly kills?: ReadonlyMap<string, string>;
  /** @default - the activator does not answer */
  readonly functions?: FunctionsReport | undefined;
  readonly address: string | null;
}

/** The state of one application. Pure. */
export function appState(facts: AppFacts): AppState {
  const { name, settings, document, address } = facts;
  const current = currentRelease(document, name);
  if (current === undefined) {
    const kind = settings?.kind ?? 'app';
    const nothing = { release: null, at: null, instances: [], address: null, earlier: [] };
    return { app: name, kind, ...nothing, state: 'absent' };
  }
  const found =
    current.kind === 'function' ? functionState(facts, current) : plainState(facts, current);
  const { edge, kills } = facts;
  const own = edge === undefined ? found : { ...found, state: 'failing' as const, problem: edge };
  return {
    ...{ app: name, kind: current.kind, release: current.id, at: current.at, address },
    ...own,
    state: settings === undefined ? 'extra' : own.state,
    instances: own.instances.map((each) => {
      const killedForMemory = kills?.get(each.name);
      return { ...each, ...(killedForMemory !== undefined && { killedForMemory }) };
    }),
    earlier: earlierOf(document.apps[name]),
  };
}

type Found = Pick<AppState, 'state' | 'instances' | 'requests' | 'problem'>;

function plainState({ instances: all }: AppFacts, { instances }: Release): Found {
  const states = instances.map((name) => ({ name, state: stateOf(name, all) }));
  const running = states.filter(({ state }) => state === 'running').length;
  const state = running === states.length ? 'running' : running === 0 ? 'failing' : 'degraded';
  const wrong = states.find((each) => each.state !== 'running');
  const status = wrong && all.find(({ name }) => name === wrong.name)?.status;
  return { state, instances: states, ...(status !== undefined && { problem: status }) };
}

function functionState({ name, functions, instances: all }: AppFacts, release: Release): Found {
  const report = functions?.functions[name];
  if (report === undefined) {
    const states = release.instances.map((each) => ({ name: each, state: stateOf(each, all) }));
    return { state: 'failing', instances: states, problem: 'the activator does not answer' };
  }
  const { instances, counts, lastError } = report;
  const can = instances.filter(({ state }) => !['missing', 'backing-off'].includes(state));
  const warm = can.filter(({ state }) => state !== 'stopped');
  const sound = warm.length > 0 ? 'ready' : 'stopped';
  const state = can.length === 0 ? 'failing' : can.length < instances.length ? 'degraded' : sound;
  const waker = functions?.wakerProblem;
  const problem = waker ?? (lastError && `${lastError.time}: ${lastError.message}`);
  return {
    state: waker === undefined ? state : 'failing',
    instances: instances.map((each) => ({ name: each.name, state: each.state })),
    requests: counts,
    ...(problem !== undefined && { problem }),
  };
}

const stateOf = (name: string, all: readonly Instance[]): string =>
  all.find((each) => each.name === name)?.state ?? 'absent';

const earlierOf = (app: DeployedApp | undefined): string[] =>
  (app?.releases ?? []).map(({ id }) => id).filter((id) => id !== app?.current);

/** Is an application as it should be? One that is not deployed is not. */
export const isWell = ({ state }: AppState): boolean =>
  state === 'running' || state === 'ready' || state === 'stopped';
