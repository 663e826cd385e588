import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type ParsedNode,
  Parser,
  type YAMLMap,
} from 'yaml';

/** Something in a YAML text that no reader of the kit accepts. */
export interface YamlProblem {
  /** Offset in the text. */
  readonly offset: number;
  readonly message: string;
}

/** A YAML text that has been read, and everything that is wrong with it. */
export interface YamlText {
  /** Undefined for a text that is empty or has comments only, and for one that cannot be read. */
  readonly document: Document.Parsed | undefined;
  readonly problems: readonly YamlProblem[];
  readonly lines: LineCounter;
}

/** How large a text may be. The time for some texts grows with the square of their tokens. */
export interface YamlLimits {
  readonly bytes: number;
  /** Words, signs, blanks and line breaks. A cluster in `clusters.yml` has about 40. */
  readonly tokens: number;
}

/** For files that come with a project: any of them is read or refused in less than a second. */
const FILE_LIMITS: YamlLimits = { bytes: 512 * 1024, tokens: 100_000 };

/** The library looks through the whole file for each of them. */
const MOST_ALIASES = 1000;

/** The parser works recursively from here on: a few thousand levels end the process. */
const DEEPEST = 64;

/** Aliases of aliases: the library resolves each of them again. */
const LONGEST_CHAIN = 16;

/** Values of a file with its aliases expanded. Bounds what everything behind the reader has to do. */
const MOST_VALUES = 200_000;

/**
 * Reads one YAML document. Merge keys (`<<`) and aliases are allowed; a second document, unknown tags, a
 * key that is defined twice, deep nesting and aliases that multiply are problems.
 *
 * @param limits a larger text is a problem and is not read @default - 512 kB
 */
export function readYaml(text: string, limits: YamlLimits = FILE_LIMITS): YamlText {
  const lines = new LineCounter();
  lines.addNewLine(0);
  const refused = (offset: number, message: string): YamlText => ({
    ...{ document: undefined, lines },
    problems: [{ offset, message }],
  });
  const size = Buffer.byteLength(text);
  if (size > limits.bytes) {
    return refused(0, `The file has ${kilobytes(size)}; the most is ${kilobytes(limits.bytes)}.`);
  }
  const tokens = parseTokens(text, lines, limits.tokens);
  if (tokens === undefined)
    return refused(0, `The file has more than ${limits.tokens} words and signs.`);
  const excess = findExcess(tokens);
  if (excess !== undefined) return refused(excess.offset, excess.message);
  // The library compares every key with every other one; `nodeProblems` does not.
  const composer = new Composer({ merge: true, prettyErrors: false, uniqueKeys: false });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (document === undefined) return { document, lines, problems: [] };
  const problems = [
    ...[...document.errors, ...(second?.errors ?? [])].map(({ pos, message }) => ({
      offset: pos[0],
      message: `${message.replace(/\.$/, '')}.`,
    })),
    ...document.warnings.map(({ pos, message }) => ({ offset: pos[0], message: warning(message) })),
  ];
  if (problems.length > 0) return { document, lines, problems };
  if (second) {
    const message = 'A second YAML document begins here; the file must have one.';
    return { document, lines, problems: [{ offset: second.range[0], message }] };
  }
  return { document, lines, problems: nodeProblems(document) };
}

const kilobytes = (bytes: number) => `${Math.ceil(bytes / 1024)} kB`;

/** Undefined when there are more than `most` of them. */
function parseTokens(text: string, lines: LineCounter, most: number): CST.Token[] | undefined {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    count += 1;
    if (count > most) return undefined;
    tokens.push(...parser.next(lexeme));
  }
  tokens.push(...parser.end());
  return tokens;
}

const warning = (message: string) => {
  const tag = /^Unresolved tag: (.*)$/.exec(message)?.[1];
  return tag === undefined ? `${message}.` : `The tag ${tag} is not allowed: remove it.`;
};

/** What the library must not be given: it works recursively, and some of its work is quadratic. */
function findExcess(tokens: readonly CST.Token[]): YamlProblem | undefined {
  const todo: { readonly token: CST.Token; readonly depth: number }[] = [];
  const add = (token: CST.Token | null | undefined, depth: number) => {
    if (token) todo.push({ token, depth });
  };
  for (const token of tokens) add(token, 0);
  let aliases = 0;
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { token, depth } = next;
    const { offset, type } = token;
    if (depth > DEEPEST) {
      return { offset, message: `Lists and maps are nested here in more than ${DEEPEST} levels.` };
    }
    if (type === 'alias') aliases += 1;
    if (aliases > MOST_ALIASES) {
      return { offset, message: `The file has more than ${MOST_ALIASES} aliases.` };
    }
    if (type === 'document') add(token.value, depth);
    if (!('items' in token)) continue;
    for (const item of token.items) {
      add(item.key, depth + 1);
      add(item.value, depth + 1);
    }
  }
  return undefined;
}

/** Keys that are no plain names or are defined twice, and aliases that name nothing, or each other without end. */
function nodeProblems(document: Document.Parsed): YamlProblem[] {
  const problems: YamlProblem[] = [];
  /** The anchors so far, with the longest chain of aliases that each one contains. */
  const anchors = new Map<string, { readonly node: ParsedNode; readonly chain: number }>();
  const report = (node: ParsedNode, message: string) =>
    void problems.push({ offset: node.range[0], message });

  /** The longest chain of aliases in `node`. */
  const walk = (node: ParsedNode | null): number => {
    if (node === null) return 0;
    if (isAlias(node)) {
      const anchor = anchors.get(node.source);
      if (anchor === undefined)
        report(node, `There is no anchor &${node.source} before this alias.`);
      else if (anchor.chain >= LONGEST_CHAIN)
        report(node, 'Too many aliases lead to each other here.');
      return (anchor?.chain ?? 0) + 1;
    }
    const chain = isMap(node) ? walkMap(node) : isSeq(node) ? longest(node.items.map(walk)) : 0;
    if (node.anchor !== undefined) anchors.set(node.anchor, { node, chain });
    return chain;
  };
  const walkMap = (map: YAMLMap.Parsed): number => {
    const seen = new Set<string>();
    return longest(
      map.items.map(({ key, value }) => {
        if (!isScalar(key)) {
          report(key, 'A key must be a plain name.');
          return 0;
        }
        const name = key.source ?? String(key.value);
        if (seen.has(name)) report(key, `The key '${name}' is defined twice.`);
        seen.add(name);
        // Objects have it already: what is read from the file would be lost without a word.
        if (name === '__proto__') report(key, `A key cannot be '${name}'.`);
        const chain = walk(value);
        if (key.source === '<<') checkMerge(key, value);
        return chain;
      }),
    );
  };
  const checkMerge = (key: ParsedNode, value: ParsedNode | null) => {
    for (const source of isSeq(value) ? value.items : [value]) {
      const target = isAlias(source) ? anchors.get(source.source)?.node : source;
      if (target !== undefined && !isMap(target)) {
        report(key, 'A merge key (<<) must name a map, or a list of maps.');
      }
    }
  };
  walk(document.contents);
  if (problems.length > 0 || anchors.size === 0) return problems;
  return hasMoreValues(document.toJS({ maxAliasCount: -1 }), MOST_VALUES)
    ? [{ offset: 0, message: 'Its aliases stand for more values than a file may have.' }]
    : [];
}

const longest = (chains: readonly number[]): number =>
  chains.reduce((most, chain) => Math.max(most, chain), 0);

/** Does `value` have more than `most` values, when each alias counts as all that it stands for? */
function hasMoreValues(value: unknown, most: number): boolean {
  const todo = [value];
  for (let count = 1; todo.length > 0; count += 1) {
    if (count > most) return true;
    const next = todo.pop();
    if (typeof next !== 'object' || next === null) continue;
    for (const each of Object.values(next)) todo.push(each);
  }
  return false;
}
