/** One answered request. */
export interface AccessEntry {
  readonly method: string;
  /** Address of the client, as far as it can be believed. */
  readonly client: string;
  /** As it came; its query is left out, since tokens may stand there. */
  readonly target: string;
  /** 0 when the client went away before there was one. */
  readonly status: number;
  readonly durationMs: number;
  readonly throttledMs: number;
}

const LONGEST_PATH = 200;
/** Lines are written together: a write for each would cost more than the request. */
const FLUSH_MS = 100;
const FLUSH_LINES = 256;

/** Access log: JSON lines with `time`, `client`, `method`, `path`, `status`, `ms`, `throttledMs`. */
export class AccessLog {
  #lines: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly write: (text: string) => void,
    private readonly now: () => Date,
  ) {}

  add({ method, client, target, status, durationMs, throttledMs }: AccessEntry): void {
    const end = target.indexOf('?');
    const path = JSON.stringify((end < 0 ? target : target.slice(0, end)).slice(0, LONGEST_PATH));
    const ms = Math.round(durationMs * 10) / 10;
    // Written out, since it is on the way of every request; a method has no letters to escape.
    this.#lines.push(
      `{"time":"${this.now().toISOString()}","client":${JSON.stringify(client)},"method":"${method}","path":${path},"status":${status},"ms":${ms},"throttledMs":${throttledMs}}`,
    );
    if (this.#lines.length >= FLUSH_LINES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  /** Writes what has not been written yet. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lines.length === 0) return;
    this.write(`${this.#lines.join('\n')}\n`);
    this.#lines = [];
  }
}
