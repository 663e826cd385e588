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
  relationsOf,
} from '../datamodel/datamodel.js';
import { filtersOf } from './filters.js';
import { without } from './names.js';

export const visibleFields = ({ fields }: Model): Field[] =>
  fields.filter((field) => isRelation(field) || !field.isHidden);

/** Without the fields that the server fills, and without the field that leads back. */
const writable = ({ fields }: Model, back?: string): Field[] =>
  fields.filter((field) => !isSystem(field) && field.name !== back);

type Verb = 'Create' | 'Update';

/** The name of an input, or nothing when it would have no fields. @param back field to omit */
export const dataType = (model: Model, verb: Verb, back?: string): string =>
  writable(model, back).length === 0 ? '' : `${model.name}${verb}${without(back)}Input`;

/** The SDL of all inputs. */
export function inputTypes(datamodel: Datamodel): string {
  const made = new Map<string, string[]>();
  for (const model of datamodel.models.values()) {
    const { name } = model;
    const where = `${name}WhereInput`;
    const logic = ['AND', 'OR', 'NOT'].map((key) => `${key}: [${where}!]`);
    made.set(where, [...logic, ...visibleFields(model).flatMap(filters)]);
    const unique = columnsOf(model).filter(({ isUnique }) => isUnique);
    made.set(
      `${name}WhereUniqueInput`,
      unique.map((field) => `${field.name}: ${field.type}`),
    );
    for (const back of [undefined, ...relationsOf(model).map((field) => field.name)]) {
      made.set(dataType(model, 'Create', back), writesOf(datamodel, model, 'Create', back));
    }
    made.set(dataType(model, 'Update'), writesOf(datamodel, model, 'Update'));
    for (const verb of ['Create', 'Update'] as const) {
      for (const field of writable(model)) {
        if (!isColumn(field)) made.set(...nested(datamodel, field, verb));
        else if (field.isList)
          made.set(`${name}${verb}${field.name}Input`, [`set: [${field.type}!]`]);
      }
    }
  }
  made.delete('');
  return [...made].map(([name, fields]) => `input ${name} { ${fields.join('\n')} }`).join('\n');
}

const writesOf = (datamodel: Datamodel, model: Model, verb: Verb, back?: string): string[] =>
  writable(model, back).map((field) => {
    const { name, isRequired } = field;
    if (!isColumn(field)) {
      const bang = isRequired && verb === 'Create' ? '!' : '';
      return `${name}: ${nested(datamodel, field, verb)[0]}${bang}`;
    }
    if (field.isList) return `${name}: ${model.name}${verb}${name}Input`;
    const isGiven = isRequired && verb === 'Create' && field.defaultValue === undefined;
    return `${name}: ${field.type}${isGiven ? '!' : ''}`;
  });

/** The operations on related nodes while a node is written. */
function nested(datamodel: Datamodel, field: RelationField, verb: Verb): [string, string[]] {
  const { target, back } = follow(datamodel, field);
  const { isList, isRequired } = field;
  const must = verb === 'Update' && isRequired ? 'Required' : '';
  const many = (type: string) => (isList ? `[${type}!]` : type);
  const unique = many(`${target.name}WhereUniqueInput`);
  const create = dataType(target, 'Create', back?.name);
  const fields = [create && `create: ${many(create)}`, `connect: ${unique}`];
  if (verb === 'Update' && !isRequired) fields.push(`disconnect: ${isList ? unique : 'Boolean'}`);
  const kind = `${isList ? 'Many' : 'One'}${must}${without(back?.name)}`;
  return [`${target.name}${verb}${kind}Input`, fields];
}

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
