import {
  columnsOf,
  type Datamodel,
  type Field,
  follow,
  isFilled,
  isRelation,
  type Model,
  type RelationField,
} from '../datamodel/datamodel.js';
import { filtersOf } from './filters.js';
import { without } from './names.js';

export const visibleFields = ({ fields }: Model): Field[] =>
  fields.filter((field) => isRelation(field) || !field.isHidden);

/** Input types are made as others ask for them: what would be empty does not exist. */
export class InputTypes {
  readonly #made = new Map<string, string>();

  constructor(private readonly datamodel: Datamodel) {}

  /** The SDL of all that was asked for so far. */
  all(): string {
    return [...this.#made].map(([name, fields]) => `input ${name} { ${fields} }`).join('\n');
  }

  where(model: Model): string {
    const { name } = model;
    return `
      input ${name}WhereInput {
        AND: [${name}WhereInput!] OR: [${name}WhereInput!] NOT: [${name}WhereInput!]
        ${visibleFields(model).flatMap(filters).join('\n')}
      }`;
  }

  /** The type that tells one node, or nothing when the datamodel shows nothing that would. */
  unique(model: Model): string {
    const columns = columnsOf(model).filter(({ isUnique, isHidden }) => isUnique && !isHidden);
    return this.#type(`${model.name}WhereUniqueInput`, () =>
      columns.map(({ name, type }) => `${name}: ${type}`),
    );
  }

  /** The name of the type, or nothing when there is nothing to give. @param back field left out */
  create(model: Model, back?: string): string {
    return this.#type(`${model.name}Create${without(back)}Input`, () =>
      writable(model, back).map((field) => {
        const isOptional = isRelation(field) ? false : field.defaultValue !== undefined;
        const type = this.#valueType(model, field, 'Create');
        return type && `${field.name}: ${type}${field.isRequired && !isOptional ? '!' : ''}`;
      }),
    );
  }

  update(model: Model, back?: string, isNested = false): string {
    const name = `${model.name}Update${without(back)}${isNested ? 'Data' : ''}Input`;
    return this.#type(name, () => this.#updates(model, writable(model, back)));
  }

  updateMany(model: Model): string {
    const columns = writable(model).filter((field) => !isRelation(field));
    return this.#type(`${model.name}UpdateManyMutationInput`, () => this.#updates(model, columns));
  }

  #updates(model: Model, fields: readonly Field[]): string[] {
    return fields.map((field) => {
      const type = this.#valueType(model, field, 'Update');
      return type && `${field.name}: ${type}`;
    });
  }

  #valueType(model: Model, field: Field, verb: 'Create' | 'Update'): string {
    if (isRelation(field)) return this.#nested(field, verb);
    const { name, type, isList } = field;
    return isList
      ? this.#type(`${model.name}${verb}${name}Input`, () => [`set: [${type}!]`])
      : type;
  }

  /** What can be done to the nodes behind a relation while the node before it is written. */
  #nested(field: RelationField, verb: 'Create' | 'Update'): string {
    const { target, back } = follow(this.datamodel, field);
    const { isList, isRequired } = field;
    const must = verb === 'Update' && isRequired ? 'Required' : '';
    const name = `${target.name}${verb}${isList ? 'Many' : 'One'}${must}${without(back?.name)}Input`;
    const unique = this.unique(target);
    const many = (type: string) => (isList ? `[${type}!]` : type);
    return this.#type(name, () => {
      const create = this.create(target, back?.name);
      const fields = [create && `create: ${many(create)}`, unique && `connect: ${many(unique)}`];
      if (verb === 'Create') return fields;
      const kind = isList ? 'WithWhereUnique' : '';
      const suffix = back ? `${without(back.name)}Input` : 'NestedInput';
      const at = isList ? `where: ${unique}! ` : '';
      const update = this.update(target, back?.name, true);
      const one = (verbs: string, values: string) =>
        this.#type(`${target.name}${verbs}${kind}${suffix}`, () => [at + values]);
      if (update === '' || (isList && unique === '')) return fields;
      const updateOne = isList ? one('Update', `data: ${update}!`) : update;
      const upsertOne = one('Upsert', `update: ${update}! create: ${create}!`);
      return [
        ...fields,
        `update: ${many(updateOne)} upsert: ${many(upsertOne)}`,
        isList ? `set: [${unique}!] disconnect: [${unique}!] delete: [${unique}!]` : '',
        isList || isRequired ? '' : 'disconnect: Boolean delete: Boolean',
      ];
    });
  }

  #type(name: string, fieldsOf: () => string[]): string {
    if (this.#made.has(name)) return name;
    // Set before its fields are asked for: types refer to each other in circles.
    this.#made.set(name, '');
    const fields = fieldsOf()
      .filter((field) => field !== '')
      .join('\n');
    if (fields !== '') this.#made.set(name, fields);
    else this.#made.delete(name);
    return fields === '' ? '' : name;
  }
}

/** Without the fields that the server fills, and without the one that leads back. */
const writable = (model: Model, back?: string): Field[] =>
  model.fields.filter((field) => !isFilled(field) && field.name !== back);

function filters(field: Field): string[] {
  const { name, type, isList } = field;
  const where = `${type}WhereInput`;
  if (isRelation(field)) {
    return isList
      ? ['every', 'some', 'none'].map((q) => `${name}_${q}: ${where}`)
      : [`${name}: ${where}`];
  }
  const suffixes = isList ? [] : filtersOf(type);
  return suffixes.map(
    (suffix) => `${name}${suffix}: ${suffix.endsWith('in') ? `[${type}!]` : type}`,
  );
}
