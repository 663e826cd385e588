import { type EnumTypeDefinitionNode, type ObjectTypeDefinitionNode, parse } from 'graphql';
import { reasonOf } from '../log.js';
import {
  type Datamodel,
  type DeployProblem,
  type Enum,
  type Field,
  type Model,
  problem,
  SCALARS,
  type ScalarField,
} from './datamodel.js';
import { findRelations, type TypeDraft } from './find-relations.js';
import { type FieldDraft, oldNameOf, parseField } from './parse-field.js';

/** A datamodel, or everything that is wrong with its text. */
export type ParsedDatamodel =
  | { readonly datamodel: Datamodel; readonly problems: readonly [] }
  | { readonly datamodel: undefined; readonly problems: readonly DeployProblem[] };

/** Reads the SDL of a service, of both spellings (`ID! @unique` and `ID! @id`). */
export function parseDatamodel(sdl: string): ParsedDatamodel {
  const problems: DeployProblem[] = [];
  const types: TypeDraft[] = [];
  const enums = new Map<string, Enum>();
  const names = new Set<string>(SCALARS);
  for (const node of definitionsOf(sdl, problems)) {
    if (node.kind !== 'ObjectTypeDefinition' && node.kind !== 'EnumTypeDefinition') {
      problems.push(problem(`A datamodel has types and enums; this is a ${node.kind}.`));
      continue;
    }
    const name = node.name.value;
    if (!/^[A-Z][A-Za-z0-9_]{0,59}$/.test(name)) {
      problems.push(
        problem('A name is an uppercase letter, then up to 59 letters, digits or _.', name),
      );
    }
    if (names.has(name)) problems.push(problem('This name is already taken.', name));
    names.add(name);
    if (node.kind === 'EnumTypeDefinition') enums.set(name, parseEnum(node));
    else types.push(parseType(node, problems));
  }
  const isType = (name: string) => types.some((type) => type.name === name);
  for (const { name, fields } of types) {
    for (const field of fields) problems.push(...checkField(name, field, isType, enums));
  }
  const relations = findRelations(types, problems);
  if (problems.length > 0) return { datamodel: undefined, problems };
  const models = new Map<string, Model>();
  for (const { name, oldName, fields } of types) {
    const complete = fields.map(
      (field): Field => relations.fieldOf(name, field.name) ?? column(field, enums.has(field.type)),
    );
    models.set(name, { name, oldName, fields: [...complete, ...missingTimes(complete)] });
  }
  return { datamodel: { models, enums, relations: relations.byName }, problems: [] };
}

function definitionsOf(sdl: string, problems: DeployProblem[]) {
  // A datamodel may be empty, which the GraphQL grammar does not allow.
  if (sdl.replace(/#.*/g, '').trim() === '') return [];
  try {
    return parse(sdl, { noLocation: true }).definitions;
  } catch (error) {
    problems.push(problem(`The datamodel cannot be read: ${reasonOf(error)}`));
    return [];
  }
}

function parseType(node: ObjectTypeDefinitionNode, problems: DeployProblem[]): TypeDraft {
  const name = node.name.value;
  if (node.directives?.some((directive) => directive.name.value === 'embedded')) {
    problems.push(problem('Embedded types need a document database.', name));
  }
  const fields = (node.fields ?? []).map((field) => parseField(field, name, problems));
  const id = fields.find((field) => field.name === 'id');
  if (id?.type !== 'ID' || !id.isRequired || !id.isUnique) {
    problems.push(
      problem('A type needs the field `id: ID! @unique` (or `id: ID! @id`).', name, 'id'),
    );
  }
  for (const [index, field] of fields.entries()) {
    if (fields.findIndex((other) => other.name === field.name) !== index) {
      problems.push(problem('A type has each field once.', name, field.name));
    }
  }
  return { name, oldName: oldNameOf(node.directives), fields };
}

const parseEnum = ({ name, values, directives }: EnumTypeDefinitionNode): Enum => ({
  name: name.value,
  oldName: oldNameOf(directives),
  values: (values ?? []).map((value) => value.name.value),
});

function checkField(
  owner: string,
  field: FieldDraft,
  isType: (name: string) => boolean,
  enums: ReadonlyMap<string, Enum>,
): DeployProblem[] {
  const { name, type, isList, defaultValue } = field;
  const found: string[] = [];
  const values = enums.get(type)?.values;
  if (!values && !isType(type) && !SCALARS.some((scalar) => scalar === type)) {
    found.push(`The type ${type} is not known. Scalars are ${SCALARS.join(', ')}.`);
  }
  if (field.isUnique && (isList || isType(type))) found.push('Lists and relations are not unique.');
  if (field.isId && name !== 'id') found.push('The id field is called `id` on this server.');
  if (values && defaultValue !== undefined && !values.includes(String(defaultValue))) {
    found.push(`The default ${defaultValue} is not a value of ${type}: ${values.join(', ')}.`);
  }
  const isTime = name === 'createdAt' || name === 'updatedAt';
  if (isTime && (type !== 'DateTime' || isList || !field.isRequired)) {
    found.push(`The field ${name} is filled by the server and must be a DateTime!.`);
  }
  return found.map((description) => problem(description, owner, name));
}

const column = (draft: FieldDraft, isEnum: boolean): ScalarField => ({
  kind: isEnum ? 'enum' : 'scalar',
  name: draft.name,
  type: draft.type,
  isList: draft.isList,
  isRequired: draft.isRequired,
  isUnique: draft.isUnique,
  isHidden: false,
  defaultValue: draft.defaultValue,
  oldName: draft.oldName,
});

/** In the order in which upstream lists them among the steps of a migration. */
function missingTimes(fields: readonly Field[]): ScalarField[] {
  return ['updatedAt', 'createdAt']
    .filter((name) => !fields.some((field) => field.name === name))
    .map((name) => ({
      kind: 'scalar',
      name,
      type: 'DateTime',
      isList: false,
      isRequired: true,
      isUnique: false,
      isHidden: true,
      defaultValue: undefined,
      oldName: undefined,
    }));
}
