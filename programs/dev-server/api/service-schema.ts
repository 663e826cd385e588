import { buildSchema, type GraphQLObjectType } from 'graphql';
import pLimit from 'p-limit';
import { inTransaction, serviceDatabase } from '../database/database.js';
import type { Database } from '../database/database-kind.js';
import { type Datamodel, idOf, type Model, relationsOf } from '../datamodel/datamodel.js';
import { Budget } from './budget.js';
import { namesOf } from './names.js';
import { countNodes, findNode, type ListArgs, listIds, listNodes, requireNode } from './read.js';
import { RelatedNodes } from './related-nodes.js';
import { attachScalars } from './scalars.js';
import type { Node, Service } from './service.js';
import { hasNodeId, serviceTypeDefs } from './type-defs.js';
import type { Data } from './values.js';
import type { Where } from './where.js';
import { Writer } from './write.js';

const READS_AT_ONCE = 3;

/** The context of one request to a service. */
export interface ServiceContext {
  readonly service: Service;
  readonly related: RelatedNodes;
  /** Runs a read when it is its turn: one request alone never takes all connections. */
  read<T>(work: () => Promise<T>): Promise<T>;
  /** Runs `work` in a transaction. */
  write<T>(work: (service: Service, writer: Writer) => Promise<T>): Promise<T>;
}

/** @param namespace database schema with the service's data */
export function serviceContext(
  database: Database,
  namespace: string,
  datamodel: Datamodel,
  now: () => Date,
): ServiceContext {
  const own = { datamodel, now, budget: new Budget() };
  const at = (source: Database) => ({ ...serviceDatabase(source, namespace), ...own });
  const service = at(database);
  const read = pLimit(READS_AT_ONCE);
  const related = new RelatedNodes(service, read);
  return {
    service,
    related,
    read,
    write(work) {
      related.forget();
      return inTransaction(database, async (inside) => {
        const writer = new Writer(at(inside));
        const result = await work(at(inside), writer);
        await writer.finish();
        return result;
      });
    },
  };
}

/** The API of a datamodel. It holds no data: each request has its own context. */
export function buildServiceApi(datamodel: Datamodel) {
  const schema = buildSchema(serviceTypeDefs(datamodel));
  attachScalars(schema);
  const rootValue = {
    async node(where: { id: string }, { service, read }: ServiceContext) {
      for (const model of datamodel.models.values()) {
        if (!hasNodeId(model)) continue;
        const node = await read(() => findNode(service, model, where));
        if (node) return node;
      }
    },
  };
  for (const model of datamodel.models.values()) {
    Object.assign(rootValue, queriesOf(model), mutationsOf(model));
    const fields = (schema.getType(model.name) as GraphQLObjectType<Node>).getFields();
    for (const field of relationsOf(model)) {
      const resolve = async ({ id }: Node, args: ListArgs, { related }: ServiceContext) => {
        const nodes = await related.load(field, args, id);
        return field.isList ? nodes : nodes[0];
      };
      Object.assign(fields[field.name] ?? {}, { resolve });
    }
  }
  return { schema, rootValue };
}

const byId = (model: Model, id: string) => ({ [idOf(model).name]: id });

function queriesOf(model: Model) {
  const { one, many } = namesOf(model.name);
  return {
    [one]: ({ where }: { where: Where }, { service, read }: ServiceContext) =>
      read(() => findNode(service, model, where)),
    [many]: (args: ListArgs, { service, read }: ServiceContext) =>
      read(() => listNodes(service, model, args)),
    async [`${many}Connection`](args: ListArgs, { service, read }: ServiceContext) {
      const { first } = args;
      // One more than requested shows whether there is a next page.
      const reach = first != null && first > 0 ? first + 1 : (first ?? null);
      const found = await read(() => listNodes(service, model, { ...args, first: reach }));
      const nodes = found.slice(0, first ?? undefined);
      return {
        edges: nodes.map((node) => ({ node, cursor: node.id })),
        pageInfo: {
          hasNextPage: found.length > nodes.length,
          hasPreviousPage: false,
          startCursor: nodes[0]?.id,
          endCursor: nodes.at(-1)?.id,
        },
        aggregate: { count: () => read(() => countNodes(service, model, args.where)) },
      };
    },
  };
}

interface MutationArgs {
  readonly where: Where;
  readonly data?: Data;
  readonly create: Data;
  readonly update: Data;
}

function mutationsOf(model: Model) {
  const { name } = model;
  const mutation =
    (work: (args: MutationArgs, writer: Writer, service: Service) => Promise<unknown>) =>
    (args: MutationArgs, context: ServiceContext) =>
      context.write((service, writer) => work(args, writer, service));
  return {
    [`create${name}`]: mutation(async ({ data = {} }, writer, service) =>
      requireNode(service, model, byId(model, await writer.create(model, data))),
    ),
    [`update${name}`]: mutation(async ({ where, data = {} }, writer, service) => {
      const { id } = await requireNode(service, model, where);
      await writer.update(model, id, data);
      return requireNode(service, model, byId(model, id));
    }),
    [`upsert${name}`]: mutation(async ({ where, create, update }, writer, service) => {
      const found = await findNode(service, model, where);
      if (found) await writer.update(model, found.id, update);
      const id = found?.id ?? (await writer.create(model, create));
      return requireNode(service, model, byId(model, id));
    }),
    [`delete${name}`]: mutation(async ({ where }, writer, service) => {
      const node = await requireNode(service, model, where);
      await writer.delete(model, [node.id]);
      return node;
    }),
    [`deleteMany${namesOf(name).Many}`]: mutation(async ({ where }, writer, service) => {
      const ids = await listIds(service, model, where);
      await writer.delete(model, ids);
      return { count: ids.length };
    }),
  };
}
