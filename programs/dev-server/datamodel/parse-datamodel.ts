import {
  buildASTSchema,
  concatAST,
  type GraphQLField,
  type GraphQLObjectType,
  isEnumType,
  isObjectType,
  isScalarType,
  type ObjectTypeDefinitionNode,
  parse,
  specifiedScalarTypes,
  visit,
} from 'graphql';
import type { Generation } from '../../../prisma/generation.js';
import { BOUNDS, tokensOf } from '../../bounds.js';
import { reasonOf } from '../../log.js';
import {
  type ColumnField,
  type Datamodel,
  type Enum,
  type Field,
  type Filled,
  isSystem,
  type Model,
} from './datamodel.js';
import { type DeployProblem, MigrationRefused, problem } from './deploy-problem.js';
import { findRelations } from './find-relations.js';
import { MUST_BE_UNIQUE, readField } from './read-field.js';

/** `link`, `strategy` and `@db` choose a database layout: this server has only one. */
const PRELUDE = parse(`
  scalar DateTime scalar Json scalar UUID scalar Any
  directive @unique on FIELD_DEFINITION
  directive @id(strategy: Any) on FIELD_DEFINITION
  directive @default(value: Any!) on FIELD_DEFINITION
  directive @relation(name: String, onDelete: Any, link: Any) on FIELD_DEFINITION
  directive @migrationValue(value: Any!) on FIELD_DEFINITION
  directive @createdAt on FIELD_DEFINITION
  directive @updatedAt on FIELD_DEFINITION
  directive @scalarList(strategy: Any) on FIELD_DEFINITION
  directive @db(name: String!) on FIELD_DEFINITION | OBJECT | ENUM`);
const SPECIFIED = specifiedScalarTypes.map(({ name }) => name);
/** Datamodels of several hundred types have fewer. */
const MOST_TOKENS = 50_000;
const KNOWN = PRELUDE.definitions.map((node) => 'name' in node && node.name?.value);

/**
 * Parses the SDL of a service, in both spellings (`ID! @unique` and `ID! @id`).
 * @param isNew requires the spelling of the generation; deployed datamodels may be older than the
 * server
 * @throws MigrationRefused with all problems
 */
export function parseDatamodel(sdl: string, generation: Generation, isNew = false): Datamodel {
  const { names, schema } = readSdl(sdl, generation);
  const problems: DeployProblem[] = [];
  const models = new Map<string, Model>();
  const enums = new Map<string, Enum>();
  for (const name of names) {
    const type = schema.getType(name);
    if (!/^[A-Z]\w{0,63}$/.test(name)) {
      problems.push(problem('A name has an uppercase letter first, and 64 in all at most.', name));
    }
    if (isEnumType(type)) {
      enums.set(name, { name, values: type.getValues().map((value) => value.name) });
    } else if (isObjectType(type)) {
      const fields = Object.values(type.getFields()).map((field) =>
        readField(schema, name, field, generation, problems),
      );
      const unmarked = isNew && unmarkedId(type, generation);
      if (unmarked) problems.push(unmarked);
      else if (!fields.some((field) => isSystem(field) && field.filled === 'id')) {
        problems.push(problem('A type needs the field `id: ID! @unique` on this server.', name));
      }
      problems.push(...filledTwice(name, fields));
      const hidden = generation === 'C' ? [] : hiddenFields(fields);
      models.set(name, { name, fields: [...fields, ...hidden] });
    } else if (!isScalarType(type)) {
      problems.push(problem('A datamodel has only types and enums.', name));
    }
  }
  const relations = findRelations([...models.values()], problems);
  if (problems.length > 0) throw new MigrationRefused(problems);
  return { models, enums, relations };
}

function readSdl(sdl: string, generation: Generation) {
  // A datamodel may be empty, which the GraphQL grammar does not allow.
  const isEmpty = sdl.replace(/#.*/g, '').trim() === '';
  try {
    if (tokensOf(sdl, MOST_TOKENS, BOUNDS.depth) > MOST_TOKENS) {
      throw new Error(`The datamodel has more than ${MOST_TOKENS} words and signs.`);
    }
    const document = visit(isEmpty ? concatAST([]) : parse(sdl), {
      // People declare the scalars of the server for their editors.
      ScalarTypeDefinition: ({ name }) =>
        KNOWN.includes(name.value) || SPECIFIED.includes(name.value) ? null : undefined,
      ObjectTypeDefinition: (node) => withoutLayout(node, generation),
      // Upstream ignores unknown directives, and tutorials use some.
      Directive: (node) => (KNOWN.includes(node.name.value) ? undefined : null),
    });
    const names = document.definitions.map((node) => ('name' in node && node.name?.value) || '');
    return { names, schema: buildASTSchema(concatAST([PRELUDE, document])) };
  } catch (error) {
    throw new MigrationRefused(
      reasonOf(error)
        .split('\n\n')
        .map((text) => problem(text)),
    );
  }
}

/**
 * Types that describe the link table of a relation are no types of the API. @throws Error for embedded types
 */
function withoutLayout(node: ObjectTypeDefinitionNode, generation: Generation) {
  const has = (name: string) => node.directives?.some((one) => one.name.value === name) === true;
  const type = node.name.value;
  if (has('embedded') && generation === 'C') {
    const advice = 'give it an id and a relation, or store it in a field of type Json';
    throw new Error(`${type} is @embedded, which is for MongoDB only: ${advice}.`);
  }
  if (!has('relationTable') && !has('linkTable')) return undefined;
  if (generation === 'C') return null;
  const advice = 'remove the type, and name the relation with @relation(name:)';
  throw new Error(`${type} describes a link table, which servers have from 1.27 on: ${advice}.`);
}

function filledTwice(type: string, fields: readonly Field[]): DeployProblem[] {
  const seen = new Map<Filled, string>();
  return fields.filter(isSystem).flatMap(({ name, filled }) => {
    const first = seen.get(filled);
    if (first !== undefined) {
      return [
        problem(
          `\`${first}\` is the ${filled} of the type already, and this server has one: rename or remove it.`,
          type,
          name,
        ),
      ];
    }
    seen.set(filled, name);
    return [];
  });
}

/** Up to 1.26 `@unique` marks the id, from 1.27 on `@id`. */
function unmarkedId(type: GraphQLObjectType, generation: Generation): DeployProblem | undefined {
  const fields = Object.values(type.getFields());
  const isMarked = (field: GraphQLField<unknown, unknown> | undefined, name: string) =>
    field?.astNode?.directives?.some((directive) => directive.name.value === name) === true;
  if (generation === 'C') {
    if (fields.some((field) => isMarked(field, 'id'))) return undefined;
    const where = `One field of the type \`${type.name}\``;
    return problem(
      `${where} must be marked as the id field with the \`@id\` directive.`,
      type.name,
    );
  }
  const { id } = type.getFields();
  const isUnmarked = isMarked(id, 'id') && !isMarked(id, 'unique');
  return isUnmarked ? problem(MUST_BE_UNIQUE, type.name, 'id') : undefined;
}

/** The times that are added to a type, in upstream's order of steps. */
const hiddenFields = (fields: readonly Field[]): ColumnField[] =>
  (['updatedAt', 'createdAt'] as const)
    .filter((name) => !fields.some((field) => isSystem(field) && field.filled === name))
    .map((name) => ({
      ...{ kind: 'scalar', name, type: 'DateTime', isList: false, isRequired: true },
      ...{ isUnique: false, isHidden: true, filled: name, defaultValue: undefined },
    }));
