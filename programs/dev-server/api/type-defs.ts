import {
  columnsOf,
  type Datamodel,
  type Field,
  idOf,
  isColumn,
  type Model,
} from '../datamodel/datamodel.js';
import { dataType, inputTypes, visibleFields } from './input-types.js';
import { namesOf } from './names.js';

/** The SDL of a datamodel's API, in the dialect of Prisma 1. */
export function serviceTypeDefs(datamodel: Datamodel): string {
  const models = [...datamodel.models.values()];
  const enums = [...datamodel.enums.values()];
  const mutations = models.map(mutationsOf).join('');
  return `
    scalar DateTime scalar Json scalar Long
    ${models.some((model) => columnsOf(model).some(({ type }) => type === 'UUID')) ? 'scalar UUID' : ''}
    interface Node { id: ID! }
    type BatchPayload { count: Long! }
    type PageInfo {
      hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String
    }
    type Query { node(id: ID!): Node ${models.map(queriesOf).join('')} }
    ${mutations && `type Mutation { ${mutations} }`}
    ${enums.map(({ name, values }) => `enum ${name} { ${values.join(' ')} }`).join('\n')}
    ${models.map(outputsOf).join('')}
    ${inputTypes(datamodel)}`;
}

/** Whether a type has the id of the interface `Node`. */
export const hasNodeId = (model: Model): boolean => {
  const { name, type } = idOf(model);
  return name === 'id' && type === 'ID';
};

const listArgs = (type: string) =>
  `where: ${type}WhereInput, orderBy: ${type}OrderByInput, skip: Int, after: String, first: Int`;

function queriesOf({ name }: Model): string {
  const { one, many } = namesOf(name);
  return `
    ${one}(where: ${name}WhereUniqueInput!): ${name}
    ${many}(${listArgs(name)}): [${name}]!
    ${many}Connection(${listArgs(name)}): ${name}Connection!`;
}

function mutationsOf(model: Model): string {
  const { name } = model;
  const { Many } = namesOf(name);
  const one = `where: ${name}WhereUniqueInput!`;
  const create = dataType(model, 'Create');
  const update = dataType(model, 'Update');
  return `
    create${name}${create && `(data: ${create}!)`}: ${name}!
    ${update && `update${name}(data: ${update}!, ${one}): ${name}`}
    ${update && `upsert${name}(${one}, create: ${create}!, update: ${update}!): ${name}!`}
    delete${name}(${one}): ${name}
    deleteMany${Many}(where: ${name}WhereInput): BatchPayload!`;
}

function outputsOf(model: Model): string {
  const { name } = model;
  const sortable = columnsOf(model).filter(({ isList }) => !isList);
  return `
    type ${name}${hasNodeId(model) ? ' implements Node' : ''} { ${visibleFields(model).map(outputField).join('\n')} }
    type ${name}Connection {
      pageInfo: PageInfo! edges: [${name}Edge]! aggregate: Aggregate${name}!
    }
    type ${name}Edge { node: ${name}! cursor: String! }
    type Aggregate${name} { count: Int! }
    enum ${name}OrderByInput { ${sortable.map((f) => `${f.name}_ASC ${f.name}_DESC`).join(' ')} }`;
}

function outputField(field: Field): string {
  const { name, type, isList, isRequired } = field;
  const bang = isRequired ? '!' : '';
  if (isColumn(field)) return `${name}: ${isList ? `[${type}!]!` : type + bang}`;
  return isList
    ? `${name}(${listArgs(type)}): [${type}!]`
    : `${name}(where: ${type}WhereInput): ${type}${bang}`;
}
