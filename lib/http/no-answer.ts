/** A server gave no answer that can be used; the message says why. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';

  constructor(
    message: string,
    options: ErrorOptions & {
      /** HTTP status, where the server answered; another attempt gives the same. */
      readonly status?: number;
    } = {},
  ) {
    super(message, options);
    this.status = options.status;
  }

  readonly status: number | undefined;
}

/** The proxy of a request, for messages. */
export interface ProxyName {
  /** Address without credentials. */
  readonly name: string;
  /** The variable that names it. */
  readonly variable: string;
}

const WORDS: Readonly<Record<string, string>> = {
  UND_ERR_HEADERS_OVERFLOW: 'its headers are too large',
  HPE_HEADER_OVERFLOW: 'its headers are too large',
  UND_ERR_SOCKET: 'it closed the connection in the middle of its answer',
  ECONNRESET: 'it closed the connection (ECONNRESET)',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'its answer has another length than it says',
};

/** The failure of a request in words. @param limit its time limit */
export function noAnswer(
  error: unknown,
  limit: AbortSignal,
  proxy: ProxyName | undefined,
): NoAnswer {
  if (error instanceof NoAnswer) return error;
  const reason = limit.aborted ? textOf(limit.reason) : wordsOf(error);
  if (proxy === undefined) return new NoAnswer(reason, { cause: error });
  const why = `by the proxy ${proxy.name} (${proxy.variable}): ${proxyWords(reason)}`;
  return new NoAnswer(why, { cause: error });
}

/** Undici hides the system error in the cause; the message needs that one. */
function wordsOf(error: unknown): string {
  const { cause, code = '', name } = (error ?? {}) as NodeJS.ErrnoException & { cause?: unknown };
  const inner = cause instanceof Error ? (cause as NodeJS.ErrnoException) : undefined;
  const words = WORDS[code] ?? WORDS[inner?.code ?? ''];
  if (words !== undefined) return words;
  if (code.startsWith('HPE_') || name === 'HTTPParserError') return 'what it sends is not HTTP';
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'no connection in time';
  return inner === undefined ? textOf(error) : textOf(inner);
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, code } = error as NodeJS.ErrnoException;
  // The error of several addresses has a code only.
  return message || code || error.name;
}

/** Undici's words for a proxy that refuses. */
function proxyWords(reason: string): string {
  const status = /Proxy response \((\d+)\)/.exec(reason)?.[1];
  if (status === undefined) return reason;
  return status === '407' ? 'it wants other credentials (407)' : `it refuses (${status})`;
}
