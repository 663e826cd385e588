/** One answered request. */
export interface AccessEntry {
  readonly method: string;
  /** Address of the client, from trusted proxies only. */
  readonly client: string;
  /** As received; the log omits its query, which may hold tokens. */
  readonly target: string;
  /** 0 when the client left before it got one. */
  readonly status: number;
  readonly durationMs: number;
  readonly throttledMs: number;
}

const LONGEST_PATH = 200;
/** Lines are written in batches: each by itself would cost several times as much. */
const FLUSH_MS = 100;
const FLUSH_LINES = 256;

/**
 * Access log: JSON lines with `time`, `client`, `method`, `path`, `status`, `ms`, `throttledMs`.
 */
export class AccessLog {
  #waiting: { readonly ms: number; readonly entry: AccessEntry }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly write: (text: string) => void,
    private readonly now: () => Date,
  ) {}

  add(entry: AccessEntry): void {
    this.#waiting.push({ ms: this.now().getTime(), entry });
    if (this.#waiting.length >= FLUSH_LINES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  /** Writes the pending lines. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    let text = '';
    let time = { ms: Number.NaN, text: '' };
    for (const { ms, entry } of waiting) {
      if (ms !== time.ms) time = { ms, text: new Date(ms).toISOString() };
      text += lineOf(time.text, entry);
    }
    if (text !== '') this.write(text);
  }
}

/** Written by hand for speed, since every request has a line; a method has no letters to escape. */
function lineOf(
  time: string,
  { method, client, target, status, durationMs, throttledMs }: AccessEntry,
): string {
  const end = target.indexOf('?');
  const path = (end < 0 ? target : target.slice(0, end)).slice(0, LONGEST_PATH);
  const ms = Math.round(durationMs * 10) / 10;
  return `{"time":"${time}","client":${quoted(client)},"method":"${method}","path":${quoted(path)},"status":${status},"ms":${ms},"throttledMs":${throttledMs}}\n`;
}

/** Text that JSON does not escape. */
const PLAIN = /^[\w/.:~-]*$/;

const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));
