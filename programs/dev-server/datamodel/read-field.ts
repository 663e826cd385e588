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
import type { Field } from './datamodel.js';
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
  const isTime = /^(createdAt|updatedAt)$/.test(name);
  const marked = rest.createdAt ? 'createdAt' : rest.updatedAt ? 'updatedAt' : name;
  const rules: readonly [boolean, string][] = [
    [/^[a-z]\w{0,59}$/.test(name), 'A name has a lowercase letter first, and 60 in all at most.'],
    [!rest.migrationValue, 'This server has no @migrationValue: give a @default.'],
    [!isList || isNonNullType(bare.ofType), 'A list is written [Type!] or [Type!]!.'],
    [!isList || !isListType(getNullableType(bare.ofType)), 'There are no lists of lists.'],
    [!isUnique || !isList, 'A list is not unique.'],
    [!id || name === 'id', 'The id field is called `id` on this server.'],
    [name !== 'id' || String(type) + isUnique === 'ID!true', MUST_BE_UNIQUE],
    [!isTime || /^DateTime!?$/.test(String(type)), 'The server fills it: it is a DateTime.'],
    [marked === name, `On this server the field with @${marked} is called \`${marked}\`.`],
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
  if (kind !== 'relation') return { kind, ...common, isUnique, isHidden: false, defaultValue };
  const cascades = relation?.onDelete === 'CASCADE';
  return { kind, ...common, relation: String(relation?.name ?? ''), side: 'A', cascades };
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
