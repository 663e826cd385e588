import { type RawBuilder, sql } from 'kysely';
import { ApiError } from '../api-error.js';
import {
  columnOf,
  columnsOf,
  follow,
  type Model,
  otherSide,
  type RelationField,
} from '../datamodel/datamodel.js';
import { linkOf, type Node, type Service } from './service.js';
import { nodeOf } from './values.js';
import { conditionOf, type Where } from './where.js';

/** The arguments of every list. Cursors are ids. */
export interface ListArgs {
  readonly where?: Where | null;
  readonly orderBy?: string | null;
  readonly skip?: number | null;
  readonly after?: string | null;
  readonly first?: number | null;
}

/** The nodes of `model` that match `args`. */
export async function listNodes(service: Service, model: Model, args: ListArgs): Promise<Node[]> {
  const rows = await selectRows(service, model, args, {
    parent: sql`null`,
    join: sql``,
    scope: sql`true`,
    page: pageOf(args, service.budget.limit),
  });
  return rows.map(({ _parent, ...row }) => nodeOf(model, row));
}

/** The nodes behind `field`, for each of the nodes `ids`; each has its own page. */
export async function listRelated(
  service: Service,
  field: RelationField,
  args: ListArgs,
  ids: readonly string[],
): Promise<Map<string, Node[]>> {
  const { target } = follow(service.datamodel, field);
  const parent = sql`l.${sql.id(field.side)}`;
  const rows = await selectRows(service, target, args, {
    parent,
    join: sql`join ${linkOf(service, field)} l on l.${sql.id(otherSide(field.side))} = t0.id`,
    scope: sql`${parent} ${service.kind.among(ids)}`,
    page: sql`limit ${sql.lit(service.budget.limit)}`,
  });
  const byParent = new Map<string, Node[]>(ids.map((id) => [id, []]));
  for (const { _parent, ...row } of rows) byParent.get(_parent)?.push(nodeOf(target, row));
  const from = args.skip ?? 0;
  const to = args.first == null ? undefined : from + args.first;
  return new Map([...byParent].map(([id, nodes]) => [id, nodes.slice(from, to)]));
}

interface Row extends Record<string, unknown> {
  readonly _parent: string;
}

/** Parts of a query: column of the parent, join, condition of the rows, and page. */
type Frame = Record<'parent' | 'join' | 'scope' | 'page', RawBuilder<unknown>>;

async function selectRows(
  service: Service,
  model: Model,
  args: ListArgs,
  { parent, join, scope, page }: Frame,
): Promise<readonly Row[]> {
  checkPaging(args);
  const [, name, direction = 'ASC'] = /^(.*)_(ASC|DESC)$/.exec(args.orderBy ?? '') ?? [];
  const field = columnsOf(model).find((one) => one.name === name);
  const key = field ? columnOf(field) : 'id';
  const way = sql.raw(direction);
  const table = service.table(model.name);
  const behind = isGreater(service, key, direction === 'ASC' ? ['t0', 'c'] : ['c', 't0']);
  // An unknown cursor starts at the beginning, as upstream does.
  const after =
    args.after == null
      ? sql`true`
      : sql`not exists (select 1 from ${table} c where c.id = ${args.after} and not (${behind}))`;
  const { rows } = await sql<Row>`
    select t0.*, ${parent} as _parent from ${table} t0 ${join}
    where ${scope} and ${after} and ${conditionOf(service, model, args.where)}
    order by t0.${sql.id(key)} ${way}, t0.id ${way} ${page}`.execute(service.db);
  service.budget.spend(rows);
  return rows;
}

/** The ids of all nodes of `model` that match, however many they are. */
export async function listIds(service: Service, model: Model, where?: Where): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select t0.id from ${service.table(model.name)} t0
    where ${conditionOf(service, model, where)} order by t0.id`.execute(service.db);
  return rows.map(({ id }) => id);
}

/** Whether one row comes after the other in ascending order of `key`. */
function isGreater({ kind }: Service, key: string, aliases: readonly [string, string]) {
  const [a, b] = aliases.map((alias) => sql.ref(`${alias}.${key}`)) as [Sql, Sql];
  const [idA, idB] = aliases.map((alias) => sql.ref(`${alias}.id`)) as [Sql, Sql];
  return sql`case when (${a} is null) <> (${b} is null) then ${kind.nulls === 'last' ? a : b} is null
    when ${a} <> ${b} then ${a} > ${b} else ${idA} > ${idB} end`;
}
type Sql = RawBuilder<unknown>;

function checkPaging({ first, skip }: ListArgs): void {
  const bad = (first ?? 0) < 0 ? 'first' : (skip ?? 0) < 0 ? 'skip' : undefined;
  if (bad === undefined) return;
  throw new ApiError(bad === 'first' ? 3026 : 3028, `The '${bad}' argument must be non negative`);
}

function pageOf({ skip, first }: ListArgs, most: number): Sql {
  const limit = sql.lit(Math.min(first ?? most, most));
  return sql`limit ${limit} offset ${sql.lit(skip ?? 0)}`;
}

/** The number of matching nodes on all pages. */
export async function countNodes(service: Service, model: Model, where?: Where | null) {
  const { rows } = await sql<{ count: string }>`
    select count(*) as count from ${service.table(model.name)} t0
    where ${conditionOf(service, model, where)}`.execute(service.db);
  return Number(rows[0]?.count ?? 0);
}

/** The node that `where` selects by exactly one unique field. @throws ApiError 3040 */
export async function findNode(
  service: Service,
  model: Model,
  where: Where,
): Promise<Node | undefined> {
  uniqueOf(model, where);
  return (await listNodes(service, model, { where }))[0];
}

/** Like {@link findNode}. @throws ApiError 3039 when there is none */
export async function requireNode(service: Service, model: Model, where: Where): Promise<Node> {
  const node = await findNode(service, model, where);
  if (node !== undefined) return node;
  const [name, value] = uniqueOf(model, where);
  const shown = value instanceof Date ? value.toISOString() : String(value);
  throw new ApiError(
    3039,
    `No Node for the model ${model.name} with value ${shown} for ${name} found.`,
  );
}

function uniqueOf(model: Model, where: Where): [string, unknown] {
  const [first, ...more] = Object.entries(where).filter(([, value]) => value != null);
  if (first !== undefined && more.length === 0) return first;
  throw new ApiError(
    3040,
    `You provided an invalid argument for the where selector on ${model.name}. Please provide exactly one unique field and value.`,
  );
}
