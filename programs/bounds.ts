import { Lexer, Source, TokenKind } from 'graphql';

/** What a body may hold at the most; checked before anything is parsed. */
export interface Bounds {
  /** Requests in a list. */
  readonly requests: number;
  /** Values of the JSON document. */
  readonly values: number;
  /** Levels of nesting, of JSON and of queries. */
  readonly depth: number;
  /** Words and signs of all queries together. */
  readonly tokens: number;
}

/** For clients with a valid token, and for services. The tokens are the servers' own limit. */
export const BOUNDS: Bounds = { requests: 100, values: 50_000, depth: 100, tokens: 20_000 };
/** For clients without a valid token: enough for what needs none, and for being refused. */
export const OPEN_BOUNDS: Bounds = { requests: 5, values: 500, depth: 50, tokens: 1_000 };
/** Limit of the whole body of such clients. */
export const OPEN_BYTES = 16_384;

/** What a JSON document consists of. */
export interface JsonShape {
  readonly objects: number;
  readonly values: number;
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Counts what a JSON document has, without building anything from it. Documents that are no JSON are
 * counted somehow. @throws Error when it is beyond `bounds`
 */
export function shapeOf(
  body: Buffer,
  { values: most, depth: deepest }: Partial<Bounds>,
): JsonShape {
  let [objects, values, depth] = [0, 1, 0];
  for (let at = 0; at < body.length; at++) {
    const sign = body[at];
    if (sign === QUOTE) at = endOfText(body, at);
    else if (sign === COMMA) values += 1;
    else if (sign === OPEN_OBJECT || sign === OPEN_LIST) {
      values += 1;
      depth += 1;
      if (sign === OPEN_OBJECT) objects += 1;
      if (depth > (deepest ?? depth)) throw tooDeep(deepest);
    } else if (sign === CLOSE_OBJECT || sign === CLOSE_LIST) depth -= 1;
    if (values > (most ?? values)) throw new Error(`The body has more than ${most} values.`);
  }
  return { objects, values };
}

/** The closing quote of a text that begins at `start`. */
function endOfText(body: Buffer, start: number): number {
  let end = start;
  do {
    end = body.indexOf(QUOTE, end + 1);
  } while (end > 0 && isEscaped(body, end));
  return end > 0 ? end : body.length;
}

function isEscaped(body: Buffer, at: number): boolean {
  let before = at - 1;
  while (body[before] === BACKSLASH) before -= 1;
  return (at - 1 - before) % 2 === 1;
}

const OPEN = [TokenKind.BRACE_L, TokenKind.PAREN_L, TokenKind.BRACKET_L] as readonly TokenKind[];
const CLOSE = [TokenKind.BRACE_R, TokenKind.PAREN_R, TokenKind.BRACKET_R] as readonly TokenKind[];

/**
 * Counts the tokens of a query, up to one more than `most`. @throws Error when it is nested deeper
 * than `deepest`, or has an unknown sign
 */
export function tokensOf(query: string, most: number, deepest: number): number {
  const lexer = new Lexer(new Source(query));
  let [count, depth] = [0, 0];
  for (let { kind } = lexer.advance(); kind !== TokenKind.EOF; { kind } = lexer.advance()) {
    count += 1;
    if (count > most) return count;
    if (OPEN.includes(kind)) depth += 1;
    else if (CLOSE.includes(kind)) depth -= 1;
    if (depth > deepest) throw tooDeep(deepest);
  }
  return count;
}

const tooDeep = (most = 0) => new Error(`The body is nested deeper than ${most} levels.`);
