import {
  buildASTSchema,
  concatAST,
  type DocumentNode,
  type GraphQLField,
  type GraphQLSchema,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import { reasonOf } from '../log.js';
import { type ColumnField, type Datamodel, EMPTY, type Enum, type Field } from './datamodel.js';
import { type DeployProblem, MigrationRefused, problem } from './deploy-problem.js';
import { type FieldDraft, findRelations, type TypeDraft } from './find-relations.js';

/** `link`, `strategy` and `@db` choose a layout in the database: there is only one here. */
const PRELUDE = parse(`
  scalar DateTime scalar Json scalar Any
  directive @unique on FIELD_DEFINITION
  directive @id(strategy: Any) on FIELD_DEFINITION
  directive @default(value: Any!) on FIELD_DEFINITION
  directive @relation(name: String, onDelete: Any, link: Any) on FIELD_DEFINITION
  directive @rename(oldName: String!) on FIELD_DEFINITION | OBJECT
  directive @createdAt on FIELD_DEFINITION
  directive @updatedAt on FIELD_DEFINITION
  directive @scalarList(strategy: Any) on FIELD_DEFINITION
  directive @db(name: String!) on FIELD_DEFINITION | OBJECT | ENUM`);

/**
 * Reads the SDL of a service, in both spellings (`ID! @unique` and `ID! @id`).
 * @throws MigrationRefused with everything that is wrong with it
 */
export function parseDatamodel(sdl: string): Datamodel {
  // A datamodel may be empty, which the GraphQL grammar does not allow.
  if (sdl.replace(/#.*/g, '').trim() === '') return EMPTY;
  const { document, schema } = readSdl(sdl);
  const problems: DeployProblem[] = [];
  const types: TypeDraft[] = [];
  const enums = new Map<string, Enum>();
  for (const definition of document.definitions) {
    const name = 'name' in definition ? (definition.name?.value ?? '') : '';
    const type = schema.getType(name);
    if (!/^[A-Z]\w{0,59}$/.test(name)) {
      problems.push(problem('A name has an uppercase letter first and 60 at most.', name));
    }
    if (isEnumType(type)) {
      enums.set(name, { name, values: type.getValues().map((value) => value.name) });
    } else if (isObjectType(type)) {
      const oldName = directive(schema, type.astNode, 'rename')?.oldName as string | undefined;
      const fields = Object.values(type.getFields()).map((field) => readField(schema, field));
      problems.push(...fields.flatMap((field) => checkField(name, field, enumOf(schema, field))));
      if (!fields.some((field) => field.name === 'id')) {
        problems.push(problem('It needs the field `id: ID! @unique`.', name));
      }
      types.push({ name, oldName, fields });
    } else problems.push(problem('A datamodel has only types and enums.', name));
  }
  const relations = findRelations(types, problems);
  if (problems.length > 0) throw new MigrationRefused(problems);
  const models = types.map(({ name, oldName, fields }) => {
    const complete = fields.map((draft): Field => relations.fieldOf(draft) ?? column(draft));
    return [name, { name, oldName, fields: [...complete, ...missingTimes(complete)] }] as const;
  });
  return { models: new Map(models), enums, relations: relations.byName };
}

function readSdl(sdl: string): { document: DocumentNode; schema: GraphQLSchema } {
  try {
    const document = parse(sdl);
    return { document, schema: buildASTSchema(concatAST([PRELUDE, document])) };
  } catch (error) {
    throw new MigrationRefused(
      reasonOf(error)
        .split('\n\n')
        .map((text) => problem(text)),
    );
  }
}

function directive(
  schema: GraphQLSchema,
  node: Parameters<typeof getDirectiveValues>[1] | null | undefined,
  name: string,
): Record<string, unknown> | undefined {
  const definition = schema.getDirective(name);
  return definition && node ? getDirectiveValues(definition, node) : undefined;
}

const enumOf = (schema: GraphQLSchema, { type }: FieldDraft) => {
  const found = schema.getType(type);
  return isEnumType(found) ? found.getValues().map(({ name }) => name) : undefined;
};

function readField(
  schema: GraphQLSchema,
  { name, type, astNode }: GraphQLField<unknown, unknown>,
): FieldDraft {
  const bare = getNullableType(type);
  const isList = isListType(bare);
  const isOdd = isList && (!isNonNullType(bare.ofType) || isListType(bare.ofType.ofType));
  const values = (directiveName: string) => directive(schema, astNode, directiveName);
  const target = getNamedType(type);
  return {
    name,
    type: target.name,
    kind: isObjectType(target) ? 'relation' : isEnumType(target) ? 'enum' : 'scalar',
    isList,
    isOddList: isOdd,
    isRequired: isNonNullType(type) && !isList,
    isUnique: values('unique') !== undefined || values('id') !== undefined,
    isId: values('id') !== undefined,
    defaultValue: values('default')?.value,
    oldName: values('rename')?.oldName as string | undefined,
    relation: values('relation')?.name as string | undefined,
    onDelete: values('relation')?.onDelete ?? 'SET_NULL',
  };
}

function checkField(
  owner: string,
  field: FieldDraft,
  enumValues: readonly string[] | undefined,
): DeployProblem[] {
  const { name, type, isList, isRequired, isUnique, defaultValue, onDelete } = field;
  const rules: readonly [boolean, string][] = [
    [/^[a-z]\w{0,59}$/.test(name), 'A name has a lowercase letter first and 60 at most.'],
    [!field.isOddList, 'A list is written [Type!] or [Type!]!.'],
    [!isUnique || (!isList && field.kind !== 'relation'), 'Lists and relations are not unique.'],
    [!field.isId || name === 'id', 'The id field is called `id` on this server.'],
    [name !== 'id' || (type === 'ID' && isRequired && isUnique), 'It must be `ID! @unique`.'],
    [
      !/^(created|updated)At$/.test(name) || (type === 'DateTime' && isRequired),
      'The server fills it, so it must be a DateTime!.',
    ],
    [
      defaultValue === undefined || readDefault(field, enumValues) !== undefined,
      `The default ${JSON.stringify(defaultValue)} is not a single value of type ${type}.`,
    ],
    [
      onDelete === 'CASCADE' || onDelete === 'SET_NULL',
      `onDelete is CASCADE or SET_NULL, not ${String(onDelete)}.`,
    ],
  ];
  return rules.filter(([holds]) => !holds).map(([, text]) => problem(text, owner, name));
}

/** Older datamodels quote every default: `@default(value: "0")`. */
function readDefault(
  { type, isList, kind, defaultValue }: FieldDraft,
  enumValues?: readonly string[],
): ColumnField['defaultValue'] {
  if (isList || kind === 'relation' || typeof defaultValue === 'object') return undefined;
  const text = String(defaultValue);
  if (enumValues) return enumValues.includes(text) ? text : undefined;
  if (type === 'Boolean') return /^(true|false)$/.test(text) ? text === 'true' : undefined;
  if (type === 'Int') return /^-?\d+$/.test(text) ? Number(text) : undefined;
  if (type === 'Float') return text && Number.isFinite(Number(text)) ? Number(text) : undefined;
  if (type === 'DateTime') return Number.isNaN(Date.parse(text)) ? undefined : text;
  return text;
}

const column = (draft: FieldDraft): ColumnField => ({
  kind: draft.kind === 'enum' ? 'enum' : 'scalar',
  name: draft.name,
  type: draft.type,
  isList: draft.isList,
  isRequired: draft.isRequired,
  isUnique: draft.isUnique,
  isHidden: false,
  defaultValue: draft.defaultValue === undefined ? undefined : readDefault(draft),
  oldName: draft.oldName,
});

/** In the order in which upstream lists them among the steps of a migration. */
const missingTimes = (fields: readonly Field[]): ColumnField[] =>
  ['updatedAt', 'createdAt']
    .filter((name) => !fields.some((field) => field.name === name))
    .map((name) => ({
      ...{ kind: 'scalar', name, type: 'DateTime', isList: false, isRequired: true },
      ...{ isUnique: false, isHidden: true, defaultValue: undefined, oldName: undefined },
    }));
