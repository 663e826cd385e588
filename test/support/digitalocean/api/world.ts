import type { TestAuthority } from '../../certificates.js';
import type { DatabaseRuntime } from './database-runtime.js';
import type { Delays } from './delays.js';
import type { DropletRuntime } from './droplet-runtime.js';
import type { identifiers } from './identifiers.js';
import type { Schedule } from './schedule.js';
import type { Action, State } from './state.js';

/** Limits and standing of the account. */
export interface AccountFacts {
  readonly email: string;
  readonly status: 'active' | 'warning' | 'locked';
  readonly statusMessage: string;
  readonly dropletLimit: number;
  readonly volumeLimit: number;
  readonly reservedIpLimit: number;
}

/** What every resource works with. */
export interface World {
  readonly account: AccountFacts;
  readonly state: State;
  readonly ids: ReturnType<typeof identifiers>;
  readonly runtime: DropletRuntime;
  readonly databases: DatabaseRuntime;
  /** Of the certificates of all databases. */
  readonly authority: () => Promise<TestAuthority>;
  readonly schedule: Schedule;
  readonly delays: Delays;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Errors of the runtime, for a test to look at; the API says only `errored`. */
  readonly runtimeErrors: Error[];
  /** What the call that is being answered meets. */
  readonly injected: { actionFails: boolean };
}

/** The reason of an action that a test has fail. */
const INJECTED = new Error('a test has this action fail');

/** The time as the API writes it, to the second. */
export const timestamp = (world: World): string =>
  new Date(world.now()).toISOString().replace(/\.\d+Z$/, 'Z');

/** What an action does besides being one. */
export interface ActionCourse {
  /** @default - the usual delay of an action */
  readonly delayMs?: number;
  /** One line per droplet keeps the runtime's calls in order. */
  readonly line: string;
  readonly work: () => Promise<void>;
  /** On success. */
  readonly onSuccess?: () => void;
  /** In any case, before `onSuccess`. */
  readonly onEnd?: () => void;
}

/** Starts an action and has it completed, or `errored`, when time and work allow. */
export function beginAction(
  world: World,
  what: Pick<Action, 'type' | 'resourceType' | 'resourceId' | 'owner' | 'region'>,
  course: ActionCourse,
): Action {
  const action: Action = {
    ...what,
    id: world.ids.action(),
    startedAt: timestamp(world),
    status: 'in-progress',
    completedAt: null,
  };
  world.state.actions.set(action.id, action);
  const finish = (error: Error | undefined) => {
    action.status = error ? 'errored' : 'completed';
    action.completedAt = timestamp(world);
    if (error && error !== INJECTED) world.runtimeErrors.push(error);
    course.onEnd?.();
    if (!error) course.onSuccess?.();
  };
  const dueAt = world.now() + (course.delayMs ?? world.delays.action);
  const work = world.injected.actionFails ? () => Promise.reject(INJECTED) : course.work;
  world.schedule.begin({ dueAt, work, finish }, course.line);
  return action;
}
