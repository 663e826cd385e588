import {
  columnsOf,
  type Datamodel,
  type Field,
  isColumn,
  type Model,
} from '../datamodel/datamodel.js';
import { InputTypes, visibleFields } from './input-types.js';
import { namesOf } from './names.js';

/** The SDL of the API that a datamodel is given, in the dialect of Prisma 1. */
export function serviceTypeDefs(datamodel: Datamodel): string {
  const inputs = new InputTypes(datamodel);
  const models = [...datamodel.models.values()];
  const enums = [...datamodel.enums.values()];
  const mutations = models.map((model) => mutationsOf(model, inputs)).join('');
  return `
    scalar DateTime scalar Json scalar Long
    interface Node { id: ID! }
    type BatchPayload { count: Long! }
    type PageInfo {
      hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String
    }
    type Query { node(id: ID!): Node ${models.map((model) => queriesOf(model, inputs)).join('')} }
    ${mutations && `type Mutation { ${mutations} }`}
    ${enums.map(({ name, values }) => `enum ${name} { ${values.join(' ')} }`).join('\n')}
    ${models.map(outputsOf).join('')}
    ${models.map((model) => inputs.where(model)).join('')}
    ${inputs.all()}`;
}

const listArgs = (type: string) =>
  `where: ${type}WhereInput, orderBy: ${type}OrderByInput, skip: Int, after: String, before: String, first: Int, last: Int`;

function queriesOf(model: Model, inputs: InputTypes): string {
  const { name } = model;
  const { one, many } = namesOf(name);
  const unique = inputs.unique(model);
  return `
    ${unique && `${one}(where: ${unique}!): ${name}`}
    ${many}(${listArgs(name)}): [${name}]!
    ${many}Connection(${listArgs(name)}): ${name}Connection!`;
}

function mutationsOf(model: Model, inputs: InputTypes): string {
  const { name } = model;
  const { Many } = namesOf(name);
  const unique = inputs.unique(model);
  const [where, many] = [`where: ${unique}!`, `where: ${name}WhereInput`];
  const create = inputs.create(model);
  const update = inputs.update(model);
  const batch = inputs.updateMany(model);
  return `
    create${name}${create && `(data: ${create}!)`}: ${name}!
    ${unique && update && `update${name}(data: ${update}!, ${where}): ${name}`}
    ${unique && update && `upsert${name}(${where}, create: ${create}!, update: ${update}!): ${name}!`}
    ${batch && `updateMany${Many}(data: ${batch}!, ${many}): BatchPayload!`}
    ${unique && `delete${name}(${where}): ${name}`}
    deleteMany${Many}(${many}): BatchPayload!`;
}

function outputsOf(model: Model): string {
  const { name } = model;
  const fields = visibleFields(model);
  const isNode = fields.some((field) => field.name === 'id');
  const sortable = columnsOf(model).filter(({ isList }) => !isList);
  return `
    type ${name} ${isNode ? 'implements Node' : ''} { ${fields.map(outputField).join('\n')} }
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
