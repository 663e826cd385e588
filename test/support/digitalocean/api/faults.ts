/** How a droplet comes up: so many milliseconds later than usual, or never. */
export type Activation = { readonly lateMs: number } | 'never';

/** What goes wrong with one call. */
export type Misfortune =
  /** Refused before anything happens. 429 carries `retry-after` (seconds, default 1). */
  | {
      readonly status: 422 | 429 | 500 | 502 | 503 | 504;
      readonly message?: string;
      readonly retryAfterSeconds?: number;
    }
  /** The request is read and never answered; nothing happens. */
  | 'no-answer'
  /** The connection is reset; nothing happens. */
  | 'reset'
  /** It is done, then the connection is reset: who asks again makes a second one. */
  | 'answer-lost'
  /** It is done, and the answer comes so much later. */
  | { readonly answerLateMs: number }
  /** Only on the creation of droplets. */
  | { readonly activation: Activation };

/** Which calls a misfortune meets. */
export interface Fault {
  /** Default: every method. */
  readonly method?: string;
  /** The path without query; a star stands for one segment, as in `/v2/volumes/*`. */
  readonly path: string | RegExp;
  /**
   * The first call that is met, counted from 1 among those that fit since the fault was added, also
   * when another fault meets them. Default 1.
   */
  readonly nth?: number;
  /** So many in a row. Default 1. */
  readonly times?: number;
  readonly with: Misfortune;
}

/** The faults that wait for their call. */
export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** Counts the call for every fault it fits; the first that is due wins. */
  meet(method: string, path: string): Misfortune | undefined;
}

/** An empty {@link Faults}. */
export function faultList(): Faults {
  let waiting: { fault: Fault; seen: number }[] = [];
  return {
    add: (fault) => {
      waiting.push({ fault, seen: 0 });
    },
    clear: () => {
      waiting = [];
    },
    meet: (method, path) => {
      let met: Misfortune | undefined;
      for (const one of waiting) {
        if (!fits(one.fault, method, path)) continue;
        one.seen += 1;
        const first = one.fault.nth ?? 1;
        const isDue = one.seen >= first && one.seen < first + (one.fault.times ?? 1);
        if (isDue) met ??= one.fault.with;
      }
      return met;
    },
  };
}

function fits({ method, path: pattern }: Fault, actualMethod: string, path: string): boolean {
  if (method !== undefined && method !== actualMethod) return false;
  if (pattern instanceof RegExp) return pattern.test(path);
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^/]+');
  return new RegExp(`^${source}$`).test(path);
}
