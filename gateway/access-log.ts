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
/** So much goes into a pipe in one piece, whoever else writes there. */
const FLUSH_BYTES = 4096;

/** Access log: JSON lines with `time`, `client`, `method`, `path`, `status`, `ms`, `throttledMs`. */
export class AccessLog {
  #text = '';
  #bytes = 0;
  #time = { ms: Number.NaN, text: '' };
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly write: (text: string) => void,
    private readonly now: () => Date,
  ) {}

  add({ method, client, target, status, durationMs, throttledMs }: AccessEntry): void {
    const end = target.indexOf('?');
    const path = (end < 0 ? target : target.slice(0, end)).slice(0, LONGEST_PATH);
    const ms = Math.round(durationMs * 10) / 10;
    // Written out, since it is on the way of every request; a method has no letters to escape.
    const line = `{"time":"${this.#now()}","client":${quoted(client)},"method":"${method}","path":${quoted(path)},"status":${status},"ms":${ms},"throttledMs":${throttledMs}}\n`;
    const bytes = Buffer.byteLength(line);
    if (this.#bytes + bytes > FLUSH_BYTES) this.flush();
    this.#text += line;
    this.#bytes += bytes;
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  /** As text, which is made once for all requests of a millisecond. */
  #now(): string {
    const now = this.now();
    const ms = now.getTime();
    if (ms !== this.#time.ms) this.#time = { ms, text: now.toISOString() };
    return this.#time.text;
  }

  /** Writes what has not been written yet. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#bytes === 0) return;
    this.write(this.#text);
    this.#text = '';
    this.#bytes = 0;
  }
}

/** What JSON writes as it is. */
const PLAIN = /^[\w/.:~-]*$/;

const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));
