import {
  columnsOf,
  type Datamodel,
  type Field,
  follow,
  isColumn,
  isRelation,
  isSystem,
  type Model,
  type RelationField,
  visibleFields,
} from '../datamodel/datamodel.js';
import { filtersOf } from './filters.js';
import { namesOf, without } from './names.js';

const PAGE = 'skip: Int, after: String, before: String, first: Int, last: Int';

/** The SDL of the API that a datamodel is given, in the dialect of Prisma 1. */
export function serviceTypeDefs(datamodel: Datamodel): string {
  const inputs = new InputTypes(datamodel);
  const models = [...datamodel.models.values()];
  const enums = [...datamodel.enums.values()];
  const mutations = models.map((model) => mutationsOf(model, inputs)).join('');
  return `
    scalar DateTime
    scalar Json
    scalar Long
    interface Node { id: ID! }
    type PageInfo {
      hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String
    }
    type BatchPayload { count: Long! }
    type Query {
      ${models.map(queriesOf).join('')}
    }
    ${mutations && `type Mutation { ${mutations} }`}
    ${enums.map(({ name, values }) => `enum ${name} { ${values.join(' ')} }`).join('\n')}
    ${models.map((model) => outputsOf(model)).join('')}
    ${models.map((model) => inputs.where(model)).join('')}
    ${inputs.all()}`;
}

const listArgs = (model: string) =>
  `where: ${model}WhereInput, orderBy: ${model}OrderByInput, ${PAGE}`;

function queriesOf({ name }: Model): string {
  const { one, many } = namesOf(name);
  return `
    ${one}(where: ${name}WhereUniqueInput!): ${name}
    ${many}(${listArgs(name)}): [${name}]!
    ${many}Connection(${listArgs(name)}): ${name}Connection!`;
}

function mutationsOf(model: Model, inputs: InputTypes): string {
  const { name } = model;
  const { Many } = namesOf(name);
  const unique = `where: ${name}WhereUniqueInput!`;
  const create = inputs.create(model);
  const update = inputs.update(model);
  const updateMany = inputs.updateMany(model);
  return `
    create${name}${create ? `(data: ${create}!)` : ''}: ${name}!
    ${update && `update${name}(data: ${update}!, ${unique}): ${name}`}
    ${create && update && `upsert${name}(${unique}, create: ${create}!, update: ${update}!): ${name}!`}
    ${updateMany && `updateMany${Many}(data: ${updateMany}!, where: ${name}WhereInput): BatchPayload!`}
    delete${name}(${unique}): ${name}
    deleteMany${Many}(where: ${name}WhereInput): BatchPayload!`;
}

function outputsOf(model: Model): string {
  const { name } = model;
  const columns = columnsOf(model).filter(({ isList }) => !isList);
  const orders = columns.map((field) => `${field.name}_ASC ${field.name}_DESC`);
  return `
    type ${name} implements Node { ${visibleFields(model).map(outputField).join('\n')} }
    type ${name}Connection {
      pageInfo: PageInfo! edges: [${name}Edge]! aggregate: Aggregate${name}!
    }
    type ${name}Edge { node: ${name}! cursor: String! }
    type Aggregate${name} { count: Int! }
    enum ${name}OrderByInput { ${orders.join(' ')} }`;
}

function outputField(field: Field): string {
  const { name, type, isList, isRequired } = field;
  const bang = isRequired ? '!' : '';
  if (isColumn(field)) return `${name}: ${isList ? `[${type}!]!` : type + bang}`;
  return isList
    ? `${name}(${listArgs(type)}): [${type}!]`
    : `${name}(where: ${type}WhereInput): ${type}${bang}`;
}

/** Input types are made as others ask for them: what would be empty must not exist. */
class InputTypes {
  readonly #made = new Map<string, string>();

  constructor(private readonly datamodel: Datamodel) {}

  all(): string {
    return [...this.#made].map(([name, fields]) => `input ${name} { ${fields} }`).join('\n');
  }

  where(model: Model): string {
    const { name } = model;
    const unique = columnsOf(model).filter(({ isUnique }) => isUnique);
    return `
      input ${name}WhereUniqueInput { ${unique.map((field) => `${field.name}: ${field.type}`).join(' ')} }
      input ${name}WhereInput {
        AND: [${name}WhereInput!] OR: [${name}WhereInput!] NOT: [${name}WhereInput!]
        ${visibleFields(model).flatMap(whereFields).join('\n')}
      }`;
  }

  create(model: Model, back?: string): string {
    return this.#input(`${model.name}Create${without(back)}Input`, () =>
      writable(model, back).map((field) => {
        const { name, isRequired } = field;
        if (isRelation(field))
          return `${name}: ${this.#nested(field, 'Create')}${isRequired ? '!' : ''}`;
        if (field.isList) return `${name}: ${this.#listInput(model, field, 'Create')}`;
        return `${name}: ${field.type}${isRequired && field.defaultValue === undefined ? '!' : ''}`;
      }),
    );
  }

  update(model: Model, back?: string, isNested = false): string {
    const name = `${model.name}Update${without(back)}${isNested ? 'Data' : ''}Input`;
    return this.#input(name, () =>
      writable(model, back).map((field) =>
        isRelation(field)
          ? `${field.name}: ${this.#nested(field, 'Update')}`
          : this.#updateColumn(model, field),
      ),
    );
  }

  updateMany(model: Model): string {
    return this.#input(`${model.name}UpdateManyMutationInput`, () =>
      writable(model)
        .filter(isColumn)
        .map((field) => this.#updateColumn(model, field)),
    );
  }

  #updateColumn(model: Model, field: Field): string {
    const type = field.isList ? this.#listInput(model, field, 'Update') : field.type;
    return `${field.name}: ${type}`;
  }

  #listInput(model: Model, { name, type }: Field, verb: string): string {
    return this.#input(`${model.name}${verb}${name}Input`, () => [`set: [${type}!]`]);
  }

  /** What can be done to the nodes behind a relation while the node before it is written. */
  #nested(field: RelationField, verb: 'Create' | 'Update'): string {
    const { target, back } = follow(this.datamodel, field);
    const behind = back?.name;
    const { isList, isRequired } = field;
    const required = verb === 'Update' && !isList && isRequired ? 'Required' : '';
    const name = `${target.name}${verb}${isList ? 'Many' : 'One'}${required}${without(behind)}Input`;
    const list = (type: string) => (isList ? `[${type}!]` : type);
    const unique = `${target.name}WhereUniqueInput`;
    return this.#input(name, () => {
      const create = this.create(target, behind);
      const fields = [create && `create: ${list(create)}`, `connect: ${list(unique)}`];
      if (verb === 'Create') return fields;
      const update = this.update(target, behind, true);
      const where = isList ? 'WithWhereUnique' : '';
      const suffix = behind === undefined ? 'NestedInput' : `${without(behind)}Input`;
      const at = isList ? `where: ${unique}!` : '';
      const updateOne = () =>
        this.#input(`${target.name}Update${where}${suffix}`, () => [`${at} data: ${update}!`]);
      const upsert = () =>
        this.#input(`${target.name}Upsert${where}${suffix}`, () => [
          `${at} update: ${update}! create: ${create}!`,
        ]);
      return [
        ...fields,
        update && `update: ${isList ? list(updateOne()) : update}`,
        update && create && `upsert: ${list(upsert())}`,
        isList ? `set: [${unique}!] disconnect: [${unique}!] delete: [${unique}!]` : '',
        isList || isRequired ? '' : 'disconnect: Boolean delete: Boolean',
      ];
    });
  }

  /** The name of the type, or nothing when it would have no fields. */
  #input(name: string, fields: () => string[]): string {
    if (!this.#made.has(name)) {
      // Set before its fields are asked for: types refer to each other in circles.
      this.#made.set(name, '');
      const text = fields()
        .filter((field) => field !== '')
        .join('\n');
      if (text === '') this.#made.delete(name);
      else this.#made.set(name, text);
      return text === '' ? '' : name;
    }
    return name;
  }
}

/** Without the fields that the server fills, and without the one that leads back. */
const writable = (model: Model, back?: string): Field[] =>
  model.fields.filter((field) => !isSystem(field) && field.name !== back);

function whereFields(field: Field): string[] {
  const { name, type, isList } = field;
  if (isRelation(field)) {
    const where = `${type}WhereInput`;
    if (!isList) return [`${name}: ${where}`];
    return ['every', 'some', 'none'].map((quantifier) => `${name}_${quantifier}: ${where}`);
  }
  if (isList) return [];
  return filtersOf(type).map(
    (suffix) => `${name}${suffix}: ${suffix.endsWith('in') ? `[${type}!]` : type}`,
  );
}
