import { buildSchema, GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { type Database, serviceDatabase } from '../database/database.js';
import { type Datamodel, type Model, relationsOf } from '../datamodel/datamodel.js';
import { namesOf } from './names.js';
import { countNodes, findNode, type ListArgs, listNodes, requireNode } from './read.js';
import { RelatedNodes } from './related-nodes.js';
import { attachScalars } from './scalars.js';
import type { Node, Service } from './service.js';
import { serviceTypeDefs } from './type-defs.js';
import type { Data } from './values.js';
import type { Where } from './where.js';
import { Writer } from './write.js';

/** What a query to a service works with. Made anew for each request. */
export interface ServiceContext {
  readonly service: Service;
  readonly related: RelatedNodes;
  /** Runs `work` in a transaction. */
  write<T>(work: (service: Service, writer: Writer) => Promise<T>): Promise<T>;
}

/** @param namespace the schema in the database where the data of the service is */
export function serviceContext(
  db: Database,
  namespace: string,
  datamodel: Datamodel,
  now: () => Date,
): ServiceContext {
  const at = (source: Database) => ({ ...serviceDatabase(source, namespace), datamodel, now });
  const service = at(db);
  const related = new RelatedNodes(service);
  return {
    service,
    related,
    write(work) {
      related.forget();
      return db.transaction().execute(async (transaction) => {
        const writer = new Writer(at(transaction));
        const result = await work(at(transaction), writer);
        await writer.finish();
        return result;
      });
    },
  };
}

/** The executable API of a datamodel. It holds no data: every request brings its context. */
export function buildServiceSchema(datamodel: Datamodel): GraphQLSchema {
  const schema = buildSchema(serviceTypeDefs(datamodel));
  attachScalars(schema);
  attach(schema, 'Query', 'node', async (_, { id }: { id: string }, { service }) => {
    for (const model of datamodel.models.values()) {
      const node = await findNode(service, model, { id });
      if (node) return node;
    }
  });
  for (const model of datamodel.models.values()) {
    attachQueries(schema, model);
    attachMutations(schema, model);
    for (const field of relationsOf(model)) {
      attach(schema, model.name, field.name, async ({ id }, args: ListArgs, { related }) => {
        const nodes = await related.load(field, args, id);
        return field.isList ? nodes : nodes[0];
      });
    }
  }
  return schema;
}

/** Sets how a field is answered, where the schema has it. */
function attach<Args>(
  schema: GraphQLSchema,
  type: string,
  field: string,
  resolve: (source: Node, args: Args, context: ServiceContext) => unknown,
): void {
  const object = schema.getType(type);
  const found = object instanceof GraphQLObjectType ? object.getFields()[field] : undefined;
  if (found) found.resolve = resolve as NonNullable<typeof found.resolve>;
}

function attachQueries(schema: GraphQLSchema, model: Model): void {
  const { one, many } = namesOf(model.name);
  attach(schema, 'Query', one, (_, { where }: { where: Where }, { service }) =>
    findNode(service, model, where),
  );
  attach(schema, 'Query', many, async (_, args: ListArgs, { service }) =>
    (await listNodes(service, model, args)).map(({ node }) => node),
  );
  attach(schema, 'Query', `${many}Connection`, async (_, args: ListArgs, { service }) => {
    const placed = await listNodes(service, model, args);
    const last = placed.at(-1);
    return {
      edges: placed.map(({ node }) => ({ node, cursor: node.id })),
      pageInfo: {
        hasNextPage: args.first != null && last !== undefined && last.place < last.total,
        hasPreviousPage: false,
        startCursor: placed[0]?.node.id,
        endCursor: last?.node.id,
      },
      aggregate: { count: () => countNodes(service, model, args.where) },
    };
  });
}

interface MutationArgs {
  readonly where: Where;
  readonly data?: Data;
  readonly create: Data;
  readonly update: Data;
}

function attachMutations(schema: GraphQLSchema, model: Model): void {
  const { name } = model;
  const { Many } = namesOf(name);
  const mutation = (
    field: string,
    work: (args: MutationArgs, writer: Writer, service: Service) => Promise<unknown>,
  ) =>
    attach(schema, 'Mutation', field, (_, args: MutationArgs, context) =>
      context.write((service, writer) => work(args, writer, service)),
    );
  mutation(`create${name}`, async ({ data = {} }, writer, service) =>
    requireNode(service, model, { id: await writer.create(model, data) }),
  );
  mutation(`update${name}`, async ({ where, data = {} }, writer, service) => {
    const { id } = await requireNode(service, model, where);
    await writer.update(model, id, data);
    return requireNode(service, model, { id });
  });
  mutation(`upsert${name}`, async ({ where, create, update }, writer, service) => {
    const found = await findNode(service, model, where);
    if (found) await writer.update(model, found.id, update);
    const id = found?.id ?? (await writer.create(model, create));
    return requireNode(service, model, { id });
  });
  mutation(`delete${name}`, async ({ where }, writer, service) => {
    const node = await requireNode(service, model, where);
    await writer.delete(model, [node.id]);
    return node;
  });
  mutation(`updateMany${Many}`, async ({ where, data = {} }, writer) => {
    return { count: await writer.updateMany(model, where, data) };
  });
  mutation(`deleteMany${Many}`, async ({ where }, writer) => {
    return { count: await writer.deleteMany(model, where) };
  });
}
