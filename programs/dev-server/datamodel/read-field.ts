import {
  type GraphQLField,
  type GraphQLSchema,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Generation } from '../../../prisma/generation.js';
import type { Field, Filled } from './datamodel.js';
import { type DeployProblem, problem } from './deploy-problem.js';

/** The problem of an id without the required directive. */
export const MUST_BE_UNIQUE = 'It must be `ID! @unique`.';

type Directives = Record<string, Record<string, unknown> | undefined>;

/** The directives on a type or field, with their arguments. */
function directivesOf(schema: GraphQLSchema, node: object | null | undefined): Directives {
  const entries = schema
    .getDirectives()
    .map((one) => [one.name, node ? getDirectiveValues(one, node) : undefined]);
  return Object.fromEntries(entries);
}

/** Parses a field of the type `owner`; its relation has the written name, if any. */
export function readField(
  schema: GraphQLSchema,
  owner: string,
  { name, type, astNode }: GraphQLField<unknown, unknown>,
  generation: Generation,
  problems: DeployProblem[],
): Field {
  const { unique, id, relation, ...rest } = directivesOf(schema, astNode);
  const target = getNamedType(type);
  const kind = isObjectType(target) ? 'relation' : isEnumType(target) ? 'enum' : 'scalar';
  const bare = getNullableType(type);
  const isList = isListType(bare);
  const isRequired = isNonNullType(type) && !isList;
  const isUnique = kind !== 'relation' && (unique !== undefined || id !== undefined);
  const given = rest.default?.value;
  const values = isEnumType(target) ? target.getValues().map((value) => value.name) : undefined;
  const defaultValue = given === undefined ? undefined : readValue(target.name, given, values);
  const filled = filledBy(name, { id, ...rest }, generation);
  const rules: readonly [boolean, string][] = [
    [/^[a-z]\w{0,63}$/.test(name), 'A name has a lowercase letter first, and 64 in all at most.'],
    [!rest.migrationValue, 'This server has no @migrationValue: give a @default.'],
    [
      generation === 'C' || !isList || isNonNullType(bare.ofType),
      'A list is written [Type!] or [Type!]! on servers up to 1.26.',
    ],
    [!isList || !isListType(getNullableType(bare.ofType)), 'There are no lists of lists.'],
    [!isUnique || !isList, 'A list is not unique.'],
    [!id || generation === 'C' || name === 'id', 'The id field is called `id` up to 1.26.'],
    [name !== 'id' || generation === 'C' || String(type) + isUnique === 'ID!true', MUST_BE_UNIQUE],
    [
      filled !== 'id' || generation !== 'C' || /^(ID|UUID)!$/.test(String(type)),
      'This server makes ids of the types `ID!` and `UUID!`.',
    ],
    [
      !/At$/.test(filled ?? '') || /^DateTime!?$/.test(String(type)),
      'The server fills it: it is a DateTime.',
    ],
    [
      given === undefined || (defaultValue !== undefined && !isList && kind !== 'relation'),
      `The default ${JSON.stringify(given)} is not a single value of type ${target.name}.`,
    ],
    [
      /^(CASCADE|SET_NULL|undefined)$/.test(String(relation?.onDelete)),
      `onDelete is CASCADE or SET_NULL, not ${relation?.onDelete}.`,
    ],
  ];
  for (const [holds, text] of rules) if (!holds) problems.push(problem(text, owner, name));
  const common = { name, type: target.name, isList, isRequired };
  if (kind !== 'relation')
    return { kind, ...common, isUnique, isHidden: false, ...(filled && { filled }), defaultValue };
  const cascades = relation?.onDelete === 'CASCADE';
  return { kind, ...common, relation: String(relation?.name ?? ''), side: 'A', cascades };
}

/** By its name, which servers up to 1.26 know alone, or by its directive. */
function filledBy(
  name: string,
  { id, createdAt, updatedAt }: Directives,
  generation: Generation,
): Filled | undefined {
  if (name === 'id' || id) return 'id';
  if (name === 'createdAt' || (createdAt && generation === 'C')) return 'createdAt';
  return name === 'updatedAt' || (updatedAt && generation === 'C') ? 'updatedAt' : undefined;
}

/** Older datamodels quote every value: `@default(value: "0")`. */
function readValue(type: string, given: unknown, values?: readonly string[]) {
  const text = String(given);
  if (typeof given === 'object') return undefined;
  if (values) return values.includes(text) ? text : undefined;
  if (type === 'Boolean') return /^(true|false)$/.test(text) ? text === 'true' : undefined;
  if (type === 'Int') return /^-?\d+$/.test(text) ? Number(text) : undefined;
  if (type === 'Float') return text && Number.isFinite(Number(text)) ? Number(text) : undefined;
  if (type === 'DateTime') return Number.isNaN(Date.parse(text)) ? undefined : text;
  return text;
}
