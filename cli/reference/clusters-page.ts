import { page, table } from './markdown.js';

/** The parts of a JSON Schema that the page shows. */
export interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** One key of a cluster: its path, what it takes, and what it means. */
type Row = readonly [key: string, shape: string, meaning: string];

/**
 * The reference of `clusters.yml`, as Markdown.
 * @param cluster schema of one cluster, with one alternative for each target
 */
export function clustersPage(cluster: Schema): string {
  const targets = (cluster.oneOf ?? []).map((schema) => ({
    name: String(schema.properties?.target?.const),
    rows: rowsOf(schema, ''),
  }));
  const isCommon = (row: Row) => targets.every(({ rows }) => rows.some((each) => same(each, row)));
  const common = targets[0]?.rows.filter(isCommon) ?? [];
  return page([
    '# clusters.yml',
    '`npm run docs` writes this page from the schema that `clusterkit` checks the file against. Editors use [the same schema](../../templates/clusters.schema.json).',
    'The file names clusters below `clusters:`. A name has up to 40 characters: lower-case letters, digits and `-`; it starts with a letter. Keys that are not **required** can be left out. [How-to guides](../README.md) show whole clusters.',
    'Clusters share what they have in common by YAML merge keys (`<<: *name`). Keys that start with `x-` are yours: the kit ignores them, anywhere but as the name of a cluster.',
    '## Every target',
    keyTable(common),
    ...targets.flatMap(({ name, rows }) => [
      `## target: ${name}`,
      keyTable(rows.filter((row) => !isCommon(row))),
    ]),
  ]);
}

const same = (one: Row, other: Row) => one.every((cell, index) => cell === other[index]);

const keyTable = (rows: readonly Row[]): string =>
  table(
    ['key', 'value', 'meaning'],
    rows.map(([key, shape, meaning]) => [`\`${key}\``, shape, meaning]),
  );

function rowsOf({ properties = {}, required = [] }: Schema, path: string): Row[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const key = path + name;
    const row: Row = [key, shapeOf(schema), meaningOf(schema, required.includes(name))];
    const forms = formsOf(schema);
    const named = typeof schema.additionalProperties === 'object' && schema.additionalProperties;
    if (named) return [row, ...rowsOf(named, `${key}.<name>.`)];
    const below = (forms.length > 1 ? forms.map(withoutRequired) : [schema, ...forms]).flatMap(
      (each) => rowsOf(each, `${key}.`),
    );
    return [row, ...below.filter((each, i) => below.findIndex((one) => same(one, each)) === i)];
  });
}

/** The alternatives of a key that are objects. */
const formsOf = ({ anyOf = [] }: Schema): Schema[] => anyOf.filter(({ type }) => type === 'object');

/** What is required in one of several forms is not required in all of them. */
const withoutRequired = ({ required: _, ...schema }: Schema): Schema => schema;

function shapeOf(schema: Schema): string {
  const { type, minimum, maximum, items, anyOf, additionalProperties } = schema;
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum) return schema.enum.map((each) => `\`${each}\``).join(', ');
  const forms = formsOf(schema);
  if (forms.length > 1) {
    const words = forms.map(({ required = [] }) =>
      required.map((key) => `\`${key}\``).join(' and '),
    );
    return `keys below: ${words.join(', or ')}`;
  }
  if (anyOf) return [...new Set(anyOf.map(shapeOf))].join(' or ');
  if (items) return `list of ${items.anyOf ? shapeOf(items) : `${shapeOf(items)}s`}`;
  if (typeof additionalProperties === 'object' && !additionalProperties.properties) {
    return 'map of names to values';
  }
  if (type === 'object') return 'keys below';
  if (minimum === undefined) return type ?? '';
  return maximum === undefined ? `${type} from ${minimum}` : `${minimum} to ${maximum}`;
}

function meaningOf(schema: Schema, isRequired: boolean): string {
  const { description = '' } = schema;
  const shown = JSON.stringify(schema.default);
  const addsDefault = shown !== undefined && shown !== '{}' && !description.includes('Default:');
  return [
    ...(isRequired ? ['**Required.**'] : []),
    description,
    ...(addsDefault ? [`Default: \`${shown.replaceAll('"', '')}\`.`] : []),
  ]
    .join(' ')
    .trim();
}
