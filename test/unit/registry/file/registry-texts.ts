import fc from 'fast-check';

/** A generated registry: its text, and which of its lines belong to which entry. */
export interface SampleRegistry {
  readonly lines: readonly SampleLine[];
  readonly lineBreak: string;
  readonly bom: boolean;
  readonly finalBreak: boolean;
  readonly names: readonly string[];
  /** Says whether `clusters` is a bare or `{}` value, or not there at all. */
  readonly shape: 'block' | 'bare' | 'flow' | 'none';
}

export interface SampleLine {
  readonly text: string;
  /** Name of the entry that the line belongs to. */
  readonly owner?: string;
}

/** The text of a sample, without the lines that `drop` owns. */
export function textOf(sample: SampleRegistry, drop?: string): string {
  const kept = sample.lines.filter(({ owner }) => drop === undefined || owner !== drop);
  const body = kept.map(({ text }) => text).join(sample.lineBreak);
  const end = sample.finalBreak && kept.length > 0 ? sample.lineBreak : '';
  return `${sample.bom ? '\ufeff' : ''}${body}${end}`;
}

/** Usual names, and some that YAML reads as another type. */
export const clusterName = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-z][a-z0-9_-]{0,11}$/) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('on', 'null', '0x10', '1e3', 'a b', 'ä', '- x', "it's", '#1', '<<'),
  },
);

const comment = fc.constantFrom(
  '# note',
  '#',
  "# host: 'http://old:1'",
  '# "quoted" {flow} *alias',
);
const gap = fc.array(fc.oneof(fc.constant(''), comment), { maxLength: 2 });
const host = fc.constantFrom(
  'http://localhost:4466',
  'https://eu.example.org',
  'http://10.0.0.7:80/x',
);
const secretLines = fc.array(fc.stringMatching(/^[A-Za-z0-9+/=-]{1,64}$/), {
  minLength: 1,
  maxLength: 4,
});

type Field = { key: string; lines: string[] };

const quote = (value: string) =>
  fc.constantFrom(value, `'${value}'`, `"${value}"`, `'${value}' # kept`, `"${value}"   `);

const hostField = host.chain(quote).map((value): Field => ({ key: 'host', lines: [value] }));
const secretField = fc
  .tuple(secretLines, fc.constantFrom('|', '|-', '|+', '"', "'", ''))
  .map(([lines, style]): Field => {
    if (style.startsWith('|')) return { key: 'clusterSecret', lines: [style, ...lines] };
    if (style === '"') return { key: 'clusterSecret', lines: [JSON.stringify(lines.join('\r\n'))] };
    return { key: 'clusterSecret', lines: [`${style}x${lines[0]}${style}`.replace(': ', '')] };
  });
const otherField = fc
  .tuple(
    fc.stringMatching(/^x[a-z]{1,6}$/),
    fc.constantFrom(
      ['1'],
      ['{a: [1, 2]}'],
      ['', 'deep:', '  deeper: yes # why'],
      ['', '- 1', '- b: 2'],
    ),
  )
  .map(([key, lines]): Field => ({ key, lines: [...lines] }));

const fields = fc
  .tuple(
    hostField,
    fc.option(secretField, { nil: undefined }),
    fc.uniqueArray(otherField, { maxLength: 2, selector: ({ key }) => key }),
    fc.boolean(),
  )
  .map(([h, s, others, turned]) => {
    const all = [h, ...(s ? [s] : []), ...others];
    return turned ? all.reverse() : all;
  });

const entry = fc.record({
  name: clusterName,
  keyStyle: fc.constantFrom('', "'", '"'),
  fields,
  inner: gap,
  after: gap,
  flow: fc.boolean(),
  tail: fc.constantFrom('', ' # same line'),
});

const plainName = /^[a-z_][\w-]*$/;
const reserved = /^(on|off|yes|no|null|true|false|y|n)$/;

function keyOf(name: string, style: string): string {
  if (style === '"' || name.includes("'")) return JSON.stringify(name);
  if (style === "'" || !plainName.test(name) || reserved.test(name)) return `'${name}'`;
  return name;
}

function linesOf(
  one: typeof entry extends fc.Arbitrary<infer T> ? T : never,
  indent: string,
  step: string,
) {
  const { name, keyStyle, fields, inner, after, flow, tail } = one;
  const head = `${indent}${keyOf(name, keyStyle)}:`;
  const own: string[] = [];
  if (flow && fields.every(({ lines }) => lines.length === 1 && !/[#{]|: /.test(lines[0] ?? ''))) {
    own.push(
      `${head} {${fields.map(({ key, lines }) => `${key}: ${lines[0]?.trim()}`).join(', ')}}${tail}`,
    );
  } else {
    own.push(`${head}${tail}`);
    fields.forEach(({ key, lines: [first, ...rest] }, index) => {
      if (index === 1) own.push(...inner.map((text) => (text === '' ? '' : indent + step + text)));
      own.push(`${indent}${step}${key}:${first === '' ? '' : ` ${first}`}`);
      own.push(...rest.map((text) => `${indent}${step}  ${text}`));
    });
  }
  const others = after.map((text) => (text === '' ? '' : indent + text));
  return [
    ...own.map((text) => ({ text, owner: name })),
    ...(keepsBlanks(own) ? others.filter((text) => text !== '') : others).map((text) => ({ text })),
  ];
}

/** Blank lines behind a block scalar with `|+` are part of it. */
const keepsBlanks = (own: readonly string[]) => own.some((text) => text.includes('|+'));

const topPart = fc.constantFrom(
  ['# my clusters'],
  ['x-unknown: {a: 1} # keep'],
  ['cloudSession: |', '  literal', '', '  # not a comment'],
  ['aliases:', '  - &shared', '    a: 1', '  - *shared'],
  [''],
);

/** Registries as people, editors and old CLIs leave them. */
export const sampleRegistry: fc.Arbitrary<SampleRegistry> = fc
  .record({
    bom: fc.boolean(),
    lineBreak: fc.constantFrom('\n', '\r\n'),
    finalBreak: fc.boolean(),
    shape: fc.constantFrom('block', 'block', 'block', 'block', 'bare', 'flow', 'none'),
    indent: fc.integer({ min: 1, max: 4 }),
    step: fc.integer({ min: 1, max: 4 }),
    entries: fc.uniqueArray(entry, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
    start: fc.constantFrom([], ['---'], ['%YAML 1.2', '---'], ['# head', '']),
    before: fc.option(topPart, { nil: [] }),
    after: fc.option(topPart, { nil: [] }),
    session: fc.boolean(),
    end: fc.constantFrom([], [], ['...'], ['# the end']),
  })
  .map((model) => {
    const lines: SampleLine[] = [...model.start, ...model.before].map((text) => ({ text }));
    const shape = model.shape as SampleRegistry['shape'];
    if (shape === 'bare') lines.push({ text: 'clusters: # none yet' });
    if (shape === 'flow') lines.push({ text: 'clusters: {}' });
    if (shape === 'block') {
      lines.push({ text: 'clusters:' });
      for (const one of model.entries) {
        lines.push(...linesOf(one, ' '.repeat(model.indent), ' '.repeat(model.step)));
      }
    }
    if (model.session) lines.push({ text: 'cloudSessionKey: eyJ.abc # old' });
    const after = model.after[0] === model.before[0] ? [] : model.after;
    lines.push(...after.map((text) => ({ text })), ...model.end.map((text) => ({ text })));
    return {
      lines,
      shape,
      lineBreak: model.lineBreak,
      bom: model.bom,
      finalBreak: model.finalBreak,
      names: shape === 'block' ? model.entries.map(({ name }) => name) : [],
    };
  });
