/** How a droplet comes up. */
export type Activation = 'never';

/** What goes wrong with one call. */
export type Misfortune =
  /** Refused before anything happens. 429 carries `retry-after` (seconds, default 1). */
  | {
      readonly status: 404 | 412 | 422 | 429 | 500 | 502 | 503 | 504;
      readonly retryAfterSeconds?: number;
    }
  /** The request is read and never answered; nothing happens. Who has no time-out waits for ever. */
  | 'no-answer'
  /** The request is read, nothing happens, and after so long the connection is reset. */
  | { readonly silentMs: number }
  /** The connection is reset; nothing happens. */
  | 'reset'
  /** It is done, then the connection is reset: who asks again makes a second one. */
  | 'answer-lost'
  /** The action that the call begins ends as `errored`, without its effect. */
  | { readonly action: 'errored' }
  /** Only on the creation of droplets. */
  | { readonly activation: Activation };

/** Which calls a misfortune meets. */
export interface Fault {
  /** Default: every method. */
  readonly method?: string;
  /** The path without query; a star stands for one segment, as in `/v2/volumes/*`. */
  readonly path: string;
  /**
   * The first call that is met, counted from 1 among those that fit since the fault was added, also
   * when another fault meets them. Default 1.
   */
  readonly nth?: number;
  /** So many in a row. Default 1. */
  readonly times?: number;
  readonly with: Misfortune;
}

/** A call as faults know it. */
export interface FaultyCall {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  /** The path with its ids as names, such as `/v2/droplets/:id`; of no route: the path. */
  readonly pattern: string;
  /** It can have no effect: a creation without content, or an id that nothing can have. */
  readonly isProbe: boolean;
}

/** Which calls {@link Faults.firstOfEach} is about. */
export interface FirstCalls {
  /** Default: every method. */
  readonly method?: string;
  /** Of the pattern, such as `/^\/v2\/droplets/`. Default: every path. */
  readonly pattern?: RegExp;
}

/** The faults that wait for their call. */
export interface Faults {
  add(fault: Fault): void;
  /**
   * The first call of each method on each pattern fails this way; every later one is well.
   * @returns what was met so far, such as `POST /v2/droplets`; it grows
   */
  firstOfEach(misfortune: Misfortune, which?: FirstCalls): readonly string[];
  clear(): void;
  /** Counts the call for every fault it fits; the first that is due wins. */
  meet(call: FaultyCall): Misfortune | undefined;
}

/** Of a call: what it meets, if anything. */
type Trap = (call: FaultyCall) => Misfortune | undefined;

/** An empty {@link Faults}. */
export function faultList(): Faults {
  let traps: Trap[] = [];
  return {
    add: (fault) => {
      traps.push(trapFor(fault));
    },
    firstOfEach: (misfortune, which = {}) => {
      const met: string[] = [];
      traps.push((call) => {
        const name = `${call.method} ${call.pattern}`;
        if (met.includes(name) || !isMeant(which, call)) return undefined;
        met.push(name);
        return misfortune;
      });
      return met;
    },
    clear: () => {
      traps = [];
    },
    meet: (call) => traps.map((trap) => trap(call)).find((met) => met !== undefined),
  };
}

function trapFor(fault: Fault): Trap {
  let seen = 0;
  return ({ method, path }) => {
    if (!fits(fault, method, path)) return undefined;
    seen += 1;
    const first = fault.nth ?? 1;
    return seen >= first && seen < first + (fault.times ?? 1) ? fault.with : undefined;
  };
}

const isMeant = ({ method, pattern }: FirstCalls, call: FaultyCall): boolean =>
  (method ?? call.method) === call.method &&
  (pattern?.test(call.pattern) ?? true) &&
  // Calls that only find out what a token may do are left alone.
  !call.isProbe;

/** Ids and addresses that nothing on an account can have. */
const NOBODY = /\/(0|0{8}(-0{4}){3}-0{12}|192\.0\.2\.\d+)(\/|$)/;

/** See {@link FaultyCall.isProbe}. */
export const isProbe = (method: string, path: string, body: string): boolean =>
  NOBODY.test(path) || (method === 'POST' && /^\s*(\{\s*\})?\s*$/.test(body));

function fits({ method, path: pattern }: Fault, actualMethod: string, path: string): boolean {
  if (method !== undefined && method !== actualMethod) return false;
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^/]+');
  return new RegExp(`^${source}$`).test(path);
}
